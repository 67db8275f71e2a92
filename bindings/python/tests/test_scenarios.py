import json
import subprocess
import sys

import quorate


def test_the_shipped_scenarios_go_as_they_do_with_the_tool(root, tool):
    printed = subprocess.run([tool, "test", "--json", "tests/scenarios"], cwd=root, capture_output=True, check=True).stdout
    here = {}
    for path in sorted((root / "tests/scenarios").glob("**/*.json")):
        for scenario in quorate.load_scenarios(path):
            report = json.loads(scenario.run().to_json())
            report["file"] = str(path.relative_to(root))
            here[report["file"], report["line"], report["title"]] = report
    there = {(r["file"], r["line"], r["title"]): r for r in json.loads(printed)["scenarios"]}
    assert len(there) > 1000
    assert here == there


def broken(root, tmp_path):
    scenario = {"title": "Nobody proposes", "charter": str(root / "examples/charters/rfc.json"), "roster": str(root / "examples/rosters/small.json"),
                "process": "rfc", "given": {"by": "bob"}, "steps": [{"after": "1 day", "expect": {"stage": "fcp"}}]}
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(scenario))
    return path


def test_a_failure_says_what_was_expected_and_found(root, tmp_path):
    (scenario,) = quorate.load_scenarios(broken(root, tmp_path))
    report = scenario.run()
    assert not report
    assert report.failures[0].what == "stage"
    assert report.failures[0].expected == "fcp"
    assert report.failures[0].explanation


def test_pytest_collects_scenario_files(root, tmp_path):
    wrong = broken(root, tmp_path)
    good = root / "tests/scenarios/gitvote.json"
    (tmp_path / "unrelated.json").write_text("{}")

    def pytest_with(*said):
        return subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *LOADED, *map(str, said)], cwd=tmp_path, capture_output=True, text=True)

    passed = pytest_with(f"--quorate={good}", good)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    failed = pytest_with(f"--quorate={wrong}", tmp_path)
    assert failed.returncode == 1
    assert "Nobody proposes" in failed.stdout and "fcp" in failed.stdout
    assert str(wrong.name) in failed.stdout and "unrelated" not in failed.stdout
    unreadable = pytest_with(f"--quorate={tmp_path}", tmp_path)
    assert unreadable.returncode != 0 and "unrelated.json" in unreadable.stdout


def _plugin():
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        distribution("quorate")
    except PackageNotFoundError:
        return ["-p", "quorate.pytest_plugin"]
    return []  # installed: found by its entry point


LOADED = _plugin()
