"""Test the recipes of the README's "Add to it" by following them."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.checkout import CI, OBSERVATIONS, ROOT, copied, nox

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "probes/releases.toml"
ROWS = tomllib.loads((ROOT / TABLE).read_text("utf-8"))["releases"]
NEWEST = ROWS[-1]["version"]
README = (ROOT / "README.md").read_text("utf-8")
CATALOGUE = "probes/catalogue.py"
# A release that is fast to probe, just after a change that a pin undoes.
OLD, NEW = "1.10.1", "1.11.0"
# An alias of Conv1D that the catalogue will hardly list.
ADDED = "tf.keras.layers.Convolution1D"
LAYER = f'        ("{ADDED}", "Convolution1D", "class", "native", _KERAS),\n'
SHAPES = '    "Convolution1D": ((25, 9, 256), (9, 100, 64)),\n'
PIN = '    ("tf.keras.initializers.RandomUniform", {"minval": 0.0, "maxval": 1.0}),\n'
PINNED = '    ("tf.layers.dense", "kernel_initializer", "tf.uniform_unit_scaling_initializer"),\n'


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout, to follow a recipe in."""
    return copied(tmp_path_factory.mktemp("recipes") / "a checkout")


def edit(path: Path, old: str, new: str) -> None:
    """Replace the only occurrence of a text in a file."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")


def run(checkout: Path, *words: str) -> str:
    """Run nox in the checkout, which must succeed; skip the test if an interpreter is missing."""
    done = nox(checkout, *words)
    if not CI and "is not on this machine" in done.stdout:
        pytest.skip("an interpreter is not on this machine")
    assert done.returncode == 0, done.stdout
    return done.stdout


def run_tests(checkout: Path, *files: str) -> None:
    """Run the checkout's own tests."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def cells(checkout: Path, symbol: str, release: str) -> dict[str, dict[str, Any]]:
    """Return the cells of a symbol and release in the published data, by role."""
    data = json.loads((checkout / "site/data/matrix.json").read_text("utf-8"))
    found = (one for one in data["cells"] if one["release"] == release)
    return {one["role"]: one for one in found if one["symbol"] == symbol}


def test_a_helper_is_not_taken_for_a_test(request: pytest.FixtureRequest) -> None:
    """One named `tested` was, and ran the whole suite in a copy, and so without end."""
    assert [item.name for item in request.session.items if not item.name.startswith("test_")] == []


def test_a_release_is_a_row_a_lock_and_an_observation(checkout: Path) -> None:
    """The newest release is taken out of the copy and added again by the README's commands."""
    (row,) = re.findall(
        rf'^ *{{ version = "{re.escape(NEWEST)}".*\n', _table(checkout), re.MULTILINE
    )
    added = [checkout / f"probes/locks/{NEWEST}.txt", checkout / OBSERVATIONS / f"{NEWEST}.json"]
    added += checkout.glob(f"probes/locks/*/{NEWEST}.txt")
    before = [path.read_bytes() for path in added]
    edit(checkout / TABLE, row, "")
    for path in checkout.glob(f"observations/*/{NEWEST}.json"):
        if path not in added:
            path.unlink()  # of another platform, which a recipe of its own measures
    for path in added:
        path.unlink()
    run(checkout, "-s", "report", "--", "--readme")
    # without the longest version, columns could be narrower, which the recipe doesn't mention
    aligned = "tests/setup/test_releases.py::test_the_table_round_trips_aligned_one_row_a_release"
    run_tests(checkout, "tests/setup/test_releases.py", "--deselect", aligned)

    (checkout / TABLE).write_text(_table(checkout).replace("\n]", f"\n{row.rstrip()}\n]"), "utf-8")
    recipe = README.partition("**A release.**")[2].partition("**A symbol.**")[0]
    commands = re.findall(r"^    nox (.*)$", recipe, re.MULTILINE)
    assert len(commands) > 1
    for command in commands:
        run(checkout, *shlex.split(re.sub(r"\d+\.\d+\.\d+", NEWEST, command)))
    assert [path.read_bytes() for path in added] == before
    assert (checkout / "README.md").read_text("utf-8") == README
    run_tests(checkout, "tests/setup/test_releases.py")


def _table(checkout: Path) -> str:
    return (checkout / TABLE).read_text("utf-8")


def test_a_symbol_of_a_new_kind_of_layer_is_its_row_and_its_shapes(checkout: Path) -> None:
    edit(checkout / CATALOGUE, (first := '        ("tf.keras.layers.Dense", '), LAYER + first)
    edit(
        checkout / CATALOGUE, (last := '    "orthogonal": ((48, 96), (120, 40)),\n'), last + SHAPES
    )
    assert "two shapes of its kernel there, as the last entry of `KERNEL_SHAPES`" in README
    run(checkout, "-s", f"probe({NEWEST})", "report", "--", "--force")
    found = cells(checkout, ADDED, NEWEST)
    assert {role: (one["verdict"], one["agreement"]) for role, one in found.items()} == {
        "kernel": ("glorot_uniform", "agree"),
        "bias": ("zeros", "agree"),
    }
    assert cells(checkout, "tf.keras.layers.Dense", NEWEST)["kernel"]["state"] == "observed"
    run_tests(checkout, "tests/probes/test_promise.py")


def unbroken(page: Path) -> str:
    """Return a page without the places at which its lines may break."""
    return page.read_text("utf-8").replace("<wbr>", "")


def test_a_pin_is_a_row_and_is_offered_once_it_was_measured(checkout: Path) -> None:
    default, pinned = "tf.keras.initializers.RandomUniform", "RandomUniform(maxval=1.0, minval=0.0)"
    page = checkout / "site/compare" / f"{OLD}..{NEW}.html"
    edit(checkout / CATALOGUE, PIN, "")
    run(checkout, "-s", f"probe({NEW})", "report", "--", "--force")
    assert pinned not in unbroken(page)

    edit(checkout / CATALOGUE, (first := "_PINS = (\n"), first + PIN)
    edit(checkout / CATALOGUE, (first := "_PINNED = (\n"), first + PINNED)
    run(checkout, "-s", f"probe({NEW})", "report", "--", "--force")
    assert cells(checkout, default, OLD)["weights"]["verdict"] == "random_uniform(0, 1)"
    assert f"tf.keras.initializers.{pinned}" in unbroken(page)
    name = "tf.layers.dense(kernel_initializer=tf.uniform_unit_scaling_initializer())"
    assert cells(checkout, name, NEW)["kernel"]["verdict"] == "uniform_unit_scaling"
