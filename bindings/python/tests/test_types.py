"""The stubs say what the package has, all of it and nothing else."""

import ast
import inspect
from pathlib import Path

import quorate
from quorate import _core

STUB = Path(quorate.__file__).with_name("_core.pyi")
INHERITED = {"__init__", "__enter__", "__exit__", "__bool__"}


def stub():
    return ast.parse(STUB.read_text())


def test_every_class_and_function_is_in_the_stubs_and_exported():
    runtime = {name for name, value in vars(_core).items() if not name.startswith("_") and (inspect.isclass(value) or callable(value))}
    said = {node.name for node in stub().body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    assert runtime == said == {name for name in quorate.__all__ if not name.startswith("_")}


def test_every_member_is_in_the_stubs():
    for node in stub().body:
        if not isinstance(node, ast.ClassDef) or issubclass(getattr(_core, node.name), Exception):
            continue
        said = {x.name for x in node.body if isinstance(x, ast.FunctionDef) and x.name not in INHERITED}
        runtime = {name for name in vars(getattr(_core, node.name)) if not name.startswith("_") or name.startswith("_repr_")}
        assert runtime == said, node.name


def functions():
    """Every function and method of the stubs, with what it is at run time."""
    for node in stub().body:
        if isinstance(node, ast.FunctionDef):
            yield node, getattr(_core, node.name)
        elif isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and member.name != "__exit__":
                    yield member, getattr(getattr(_core, node.name), member.name)


def test_arguments_have_the_names_that_the_stubs_say():
    checked = 0
    for node, runtime in functions():
        signature = (runtime.__doc__ or "").split("\n")[0]
        if "->" not in signature:  # a property
            continue
        said = [a.arg for a in node.args.args + node.args.kwonlyargs if a.arg != "self"]
        for argument in said:
            assert f"{argument}:" in signature, signature
        checked += len(said)
    assert checked > 100


def test_everything_is_described():
    for name in quorate.__all__:
        if name.startswith("__"):
            continue
        value = getattr(quorate, name)
        text = inspect.getdoc(value) or ""
        if not inspect.isclass(value):
            text = text.partition("\n")[2]
        assert len(text.strip()) > 10, name


def test_the_typed_sample_runs(root):
    import typed_sample

    assert typed_sample.decide(root).startswith("waiting for")
    assert typed_sample.study(root).complete
    assert typed_sample.winners([["a", "b"], ["b", "a"], ["a"]]) == ["a"]
    assert typed_sample.power() == typed_sample.Fraction(3, 5)
