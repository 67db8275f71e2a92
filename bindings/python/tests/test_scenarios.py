import json
import subprocess
import sys

import quorate


def test_the_shipped_scenarios_pass_as_they_do_in_cpp(root):
    ran = 0
    for path in sorted((root / "tests/scenarios").glob("rfc*.json")) + [root / "tests/scenarios/gitvote.json"]:
        for scenario in quorate.load_scenarios(path):
            report = scenario.run()
            assert report.passed, str(report)
            ran += report.checks
    assert ran > 50


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
    command = [sys.executable, "-m", "pytest", "-q", "-p", "quorate.pytest_plugin", "-p", "no:cacheprovider"]
    good = root / "tests/scenarios/gitvote.json"
    passed = subprocess.run([*command, f"--quorate={good}", str(good)], capture_output=True, text=True)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    failed = subprocess.run([*command, f"--quorate={tmp_path}", str(tmp_path)], capture_output=True, text=True)
    assert failed.returncode == 1
    assert "Nobody proposes" in failed.stdout and "fcp" in failed.stdout
    assert str(wrong.name) in failed.stdout
