"""Test the workflows: their references, and that they have few permissions."""

from __future__ import annotations

import json
import re
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from probes.setup import table
from tests.support import workflows
from tests.support.checkout import ROOT, copied, nox
from tests.support.workflows import FILES, WORKFLOWS

if TYPE_CHECKING:
    from pathlib import Path

TAGS = {"all", *table.TAGS}
JOBS = {
    f"{name} {key}": job for name, flow in WORKFLOWS.items() for key, job in flow["jobs"].items()
}
STEPS = [(key, step) for key, job in JOBS.items() for step in job["steps"]]
# The jobs that have write permissions, and which.
REQUEST = {"contents": "write", "pull-requests": "write"}
WRITING = {
    "matrix pages": {"pages": "write", "id-token": "write"},
    "matrix request": REQUEST,
    "releases request": REQUEST,
}
FILES_OF_A_RUNNER = {"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "RUNNER_TEMP"}
INHERITED = {"TAG", "UV_PYTHON"} | FILES_OF_A_RUNNER
PUSHED = {"push", "pull_request"}
READING = {"matrix report": {"contents": "read", "pages": "read"}, "matrix same": {}}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout."""
    return copied(tmp_path_factory.mktemp("workflows") / "checkout")


def listed(checkout: Path, *words: str) -> list[dict[str, Any]]:
    """Return the sessions that nox lists with some options."""
    done = nox(checkout, "-l", "--json", *words)
    assert done.returncode == 0, done.stdout
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_every_session_that_a_workflow_names_exists(checkout: Path) -> None:
    known = re.findall(r"^[*-] (\S+)", nox(checkout, "-l").stdout, re.MULTILINE)
    shell = "\n".join(script for name in WORKFLOWS for script in workflows.scripts(name))
    named = re.findall(r" nox -s ((?:[a-z]+ ?)+)", shell)
    names = set(" ".join(named).split())
    assert {"lint", "tests", "confirm", "against", "report", "discover"} <= names <= set(known)
    assert len(re.findall(r" nox (-s|-l|-t) ", shell)) == shell.count(" nox ")


def test_every_tag_that_a_workflow_names_exists(checkout: Path) -> None:
    """An unknown tag would select nothing, and measure nothing."""
    known = {tag for one in listed(checkout, "-t", "all") for tag in one["tags"]}
    options = WORKFLOWS["matrix"][True]["workflow_dispatch"]["inputs"]["tag"]["options"]
    chosen = re.findall(r"'(\w+)' \|\| '(\w+)'", WORKFLOWS["matrix"]["env"]["TAG"])
    assert chosen == [("all", "milestone")]
    assert set(options) == TAGS == known


@pytest.mark.parametrize("tag", ["all", "milestone"])
def test_the_shards_of_a_plan_cover_its_releases_exactly_once(checkout: Path, tag: str) -> None:
    planned = workflows.run(checkout, workflows.step("matrix", "plan", "plan")["run"], TAG=tag)
    pythons = json.loads(planned["pythons"])
    shards = [one for python in pythons for one in listed(checkout, "-t", tag, "-p", python)]
    named = [one["session"] for one in shards]
    rows = [one for one in listed(checkout, "-t", tag) if one["name"] == "probe"]
    assert sorted(named) == sorted(one["session"] for one in rows)
    assert len(named) == len(set(named)) > 0


def test_files_that_one_job_of_the_tests_leaves_out_are_run_by_another() -> None:
    tests, releases = (
        re.findall(r"tests/\S+", job["steps"][-1]["run"])
        for name, job in JOBS.items()
        if name in {"tests tests", "tests releases"}
    )
    assert tests == releases
    assert all((ROOT / name).is_file() for name in tests)


def test_every_action_is_pinned_by_its_commit_with_the_version_beside_it() -> None:
    used = [
        line for path in FILES for line in path.read_text("utf-8").splitlines() if "uses:" in line
    ]
    assert len(used) == len([step for _, step in STEPS if "uses" in step])
    pinned = [re.search(r"uses: (\S+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$", line) for line in used]
    assert all(pinned)
    versions = {found.groups() for found in pinned if found}
    assert len(versions) == len({name for name, _, _ in versions})  # one of each


def test_no_job_may_do_more_than_it_has_to() -> None:
    for workflow in WORKFLOWS.values():
        assert workflow["permissions"] == {}
        assert "pull_request_target" not in workflow[True]
    for name, job in JOBS.items():
        expected = WRITING.get(name) or READING.get(name, {"contents": "read"})
        assert job["permissions"] == expected, name


def test_where_something_may_be_written_no_code_of_a_release_or_of_ours_runs() -> None:
    for name in WRITING:
        shell = [step["run"] for step in JOBS[name]["steps"] if "run" in step]
        assert all(re.fullmatch(r'git apply (--include=\S+ )+"\S+"', script) for script in shell), (
            name
        )


def test_where_pages_is_off_nothing_is_published_and_nothing_is_red() -> None:
    """The step that asks for the address runs on main alone, and fails where Pages is off."""
    asked = workflows.step("matrix", "report", "pages")
    assert asked["if"] == "${{ github.ref == 'refs/heads/main' }}"
    assert asked["continue-on-error"] is True
    report = JOBS["matrix report"]
    assert report["outputs"]["pages"] == "${{ steps.pages.outcome }}"
    (upload,) = [one for one in report["steps"] if "upload-pages-artifact@" in one.get("uses", "")]
    assert upload["if"] == "${{ !cancelled() && steps.pages.outcome == 'success' }}"
    assert "needs.report.outputs.pages == 'success'" in JOBS["matrix pages"]["if"].split(" && ")[-1]


def test_every_job_ends_and_every_ref_has_one_run_at_a_time() -> None:
    assert all(0 < job["timeout-minutes"] <= 60 for job in JOBS.values())
    groups = [workflow["concurrency"]["group"] for workflow in WORKFLOWS.values()]
    ref = "${{ github.workflow }}-${{ github.ref }}"
    event = "${{ github.workflow }}-${{ github.event_name }}-${{ github.ref }}"
    # A weekly run that waits would be ended by a push of the same group.
    assert groups == [ref if set(one[True]) <= PUSHED else event for one in WORKFLOWS.values()]


def test_no_credential_stays_in_a_checkout() -> None:
    checkouts = [step for _, step in STEPS if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) > len(WORKFLOWS)
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_values_reach_the_shell_by_its_environment_alone() -> None:
    for _, step in STEPS:
        shell = step.get("run", "")
        assert "${{" not in shell
        own = set(re.findall(r"(?:\b|for )(\w+)(?:=| in )", shell))
        assert set(re.findall(r"\$(\w+)", shell)) <= INHERITED | own | set(step.get("env", {}))


def test_a_shard_has_the_image_of_its_python_and_fetches_none() -> None:
    assert JOBS["matrix probe"]["container"] == "python:${{ matrix.python }}"
    measuring = workflows.step("matrix", "probe", "probe")
    assert "observations" not in measuring["run"]  # the probes ask what was observed before
    assert measuring["env"]["UV_PYTHON_DOWNLOADS"] == "never"


def test_a_text_of_a_request_is_cut_at_a_line_outside_of_details(tmp_path: Path) -> None:
    """GitHub takes 65,536 characters, and cuts wherever that is."""
    text, script = tmp_path / "text.md", "awk -f .github/cut.awk text.md > cut.md"
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "cut.awk").write_bytes((ROOT / ".github" / "cut.awk").read_bytes())
    cut = []
    for lines in (800, 1300):
        text.write_text("head\n<details>\n" + "é" * 49 + "\n", "utf-8")
        with text.open("a", encoding="utf-8") as file:
            file.write(("y" * 49 + "\n") * lines + "</details>\nend\n")
        workflows.run(tmp_path, script)
        cut.append((tmp_path / "cut.md").read_text("utf-8"))
    assert cut[0].endswith("</details>\nend\n")
    assert cut[1].startswith("head\n\n**Cut here:** ")
    assert len(cut[1]) < 100
    for workflow in ("matrix", "releases"):
        (request,) = [
            step["with"]
            for step in WORKFLOWS[workflow]["jobs"]["request"]["steps"]
            if "create-pull-request@" in step.get("uses", "")
        ]
        assert request["body-path"].endswith(".request.md")


def test_an_empty_patch_opens_no_request_and_empties_none() -> None:
    assert "outputs.changed == 'true'" in JOBS["matrix request"]["if"]
    assert "outputs.found == 'true'" in JOBS["releases request"]["if"]


@pytest.mark.parametrize(
    ("values", "color"),
    [
        (("success", "success", "0"), "green"),
        (("success", "success", "1"), "red"),
        (("failure", "success", "0"), "red"),
        (("cancelled", "success", "0"), "red"),
        (("success", "failure", ""), "red"),
        (("skipped", "skipped", ""), "red"),
    ],
)
def test_what_differs_and_what_was_not_measured_is_red(
    checkout: Path, values: tuple[str, str, str], color: str
) -> None:
    (only,) = JOBS["matrix same"]["steps"]
    variables = dict(zip(("PROBE", "REPORT", "MOVED"), values, strict=True))
    assert set(only["env"]) == set(variables)
    with nullcontext() if color == "green" else pytest.raises(AssertionError):
        workflows.run(checkout, only["run"], **variables)


def test_actions_and_hooks_are_renewed_a_while_after_they_came_out() -> None:
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text("utf-8"))["updates"]
    assert {one["package-ecosystem"] for one in updates} == {"github-actions", "pre-commit"}
    assert all(one["cooldown"]["default-days"] >= 7 for one in updates)


def test_actionlint_is_a_hook_and_pinned_as_every_hook_is() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert all(re.fullmatch(r"v\d+\.\d+\.\d+", one["rev"]) for one in hooks)
    assert "actionlint" in {hook["id"] for one in hooks for hook in one["hooks"]}
    assert "actionlint" not in (ROOT / "requirements" / "lint.txt").read_text("utf-8")
