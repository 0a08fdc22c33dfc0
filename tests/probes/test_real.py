"""Test nox and the probes with real TensorFlow releases: the observations must be unchanged."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from probes import catalogue
from report.evidence import State, decode
from tests.support import fake
from tests.support.checkout import CI, OBSERVATIONS, ROOT, copied, nox, running, start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.evidence import Answer

# One TensorFlow 1 on CPython 3.6, one with Keras 2 and one with Keras 3.
RELEASES = {"1.0.1": "3.6", "2.10.1": "3.10", "2.21.0": "3.11"}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout, without what git ignores, in a path of many letters."""
    return copied(tmp_path_factory.mktemp("check out") / "initializer matrix, Größe 測試")


@pytest.mark.parametrize("version", RELEASES)
def test_a_release_measured_again_gives_the_same_bytes(checkout: Path, version: str) -> None:
    stored = (ROOT / OBSERVATIONS / f"{version}.json").read_bytes()
    (checkout / OBSERVATIONS / f"{version}.json").unlink()
    hostile = {"KERAS_BACKEND": "jax", "TF_USE_LEGACY_KERAS": "1", "PYTHONHASHSEED": "7"}
    hostile |= {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}  # letters are bytes
    done = nox(checkout, "-s", f"probe({version})", "--", "--keep", **hostile)
    if not CI and f"CPython {RELEASES[version]} is not on this machine" in done.stdout:
        pytest.skip(f"CPython {RELEASES[version]} is not on this machine")
    assert done.returncode == 0, done.stdout
    assert (checkout / OBSERVATIONS / f"{version}.json").read_bytes() == stored
    again = nox(checkout, "-s", f"probe({version})")
    assert "the observation is current" in again.stdout


def test_the_probes_own_tests_pass_on_a_real_3_6(checkout: Path) -> None:
    python = checkout / ".nox" / "probe-1.0.1" / "bin" / "python"
    if not CI and not python.exists():
        pytest.skip("CPython 3.6 is not on this machine")
    command = [str(python), "-m", "unittest", "discover", "-s", "tests/probes36", "-t", "."]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Ran " in done.stderr


def test_ctrl_c_leaves_the_observation_and_no_process(checkout: Path) -> None:
    if not Path("/proc").exists() or not (checkout / ".nox" / "probe-1.0.1").exists():
        if CI:
            pytest.fail("1.0.1 was not kept")
        pytest.skip("no /proc here, or CPython 3.6 is not on this machine")
    name = OBSERVATIONS / "1.0.1.json"
    with start(checkout, "-s", "probe(1.0.1)", "--", "--keep", "--force") as run:
        while not (asking := running(str(checkout), "probes.child_main")):
            assert run.poll() is None
            time.sleep(0.05)
        time.sleep(1)
        supervisors = running(str(checkout / name), "--out")
        assert supervisors
        for process in [*supervisors, run.pid]:  # as a terminal does
            os.kill(process, signal.SIGINT)
        printed, _ = run.communicate(timeout=20)
    assert run.returncode != 0
    assert "Traceback" not in printed
    assert not {*running(str(checkout))} & {*asking, *supervisors}
    assert (checkout / name).read_bytes() == (ROOT / name).read_bytes()
    assert not list((checkout / OBSERVATIONS).glob(".*"))


def environment(checkout: Path, version: str) -> Path:
    """Return the kept environment of a release; skip the test if it could not be made."""
    place = checkout / ".nox" / f"probe-{version}"
    if not CI and not place.exists():
        pytest.skip(f"CPython {RELEASES[version]} is not on this machine")
    return place


def probe(
    checkout: Path, version: str, out: Path, *options: str, env: dict[str, str] | None = None
) -> dict[str, Any]:
    """Probe a release in its kept environment; return the observation."""
    stored = json.loads((ROOT / OBSERVATIONS / f"{version}.json").read_text(encoding="utf-8"))
    named = ["--version", version, "--distribution", stored["release"]["distribution"]]
    named += ["--python", stored["release"]["python"]]
    files = ["--lock", f"probes/locks/{version}.txt", "--out", str(out)]
    python = environment(checkout, version) / "bin" / "python"
    command = [str(python), "-m", "probes", *named, *files, *options]
    subprocess.run(command, cwd=checkout, env=env, check=True)
    observation: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return observation


def answers(observation: dict[str, Any]) -> tuple[Answer, ...]:
    """Return the answers of an observation, each with all its evidence."""
    return decode.observation(observation).answers


def by_name(answer: Answer) -> str:
    """Return the name of an answer's symbol."""
    return answer.symbol.name


@pytest.mark.parametrize("version", RELEASES)
def test_a_users_environment_changes_no_byte_of_a_real_release(
    checkout: Path, tmp_path: Path, version: str
) -> None:
    out = tmp_path / f"{version}.json"
    with fake.mounted(tmp_path / "home") as home:
        hostile = fake.hostile_environment(home)
        fake.make_read_only(home)
        probe(checkout, version, out, env=hostile)
    assert out.read_bytes() == (ROOT / OBSERVATIONS / out.name).read_bytes()


@pytest.mark.parametrize("version", RELEASES)
@pytest.mark.parametrize("half", [0, 1])
def test_what_a_symbol_shows_does_not_depend_on_the_others(
    checkout: Path, tmp_path: Path, version: str, half: int
) -> None:
    whole = json.loads((ROOT / OBSERVATIONS / f"{version}.json").read_text(encoding="utf-8"))
    others = [symbol["name"] for symbol in whole["symbols"][1 - half :: 2]]
    skip = [f"--skip={name}" for name in others]
    found = probe(checkout, version, tmp_path / "half.json", *skip)
    assert answers(found) == answers(whole)[half::2]
    assert found["tutorial"] == whole["tutorial"]


# An initializer that several public paths share, one with a seed of its own, and layers.
FEW = (
    "tf.layers.dense",
    "tf.contrib.layers.fully_connected",
    "tf.get_variable",
    "tf.keras.layers.Dense",
    "tf.keras.layers.Dense(kernel_initializer='uniform')",
    "tf.compat.v1.layers.Dense",
    "tf.initializers.glorot_uniform",
    "tf.keras.initializers.glorot_uniform",
    "tf.keras.initializers.GlorotUniform",
)


def probe_few(checkout: Path, version: str, out: Path) -> tuple[list[Answer], list[Answer]]:
    """Probe a few symbols; return their answers and the stored ones, both sorted by name."""
    stored = json.loads((ROOT / OBSERVATIONS / f"{version}.json").read_text(encoding="utf-8"))
    names = [symbol["name"] for symbol in stored["symbols"]]
    skip = [f"--skip={name}" for name in [*names, catalogue.NETWORK] if name not in FEW]
    found = sorted(answers(probe(checkout, version, out, *skip)), key=by_name)
    return found, sorted((one for one in answers(stored) if one.symbol.name in FEW), key=by_name)


@pytest.mark.parametrize("version", RELEASES)
def test_symbols_that_are_asked_in_reverse_move_no_byte(
    checkout: Path, tmp_path: Path, version: str
) -> None:
    source = checkout / "probes" / "catalogue.py"
    text = source.read_text(encoding="utf-8")
    with edited(source, f"{text}\nSYMBOLS = SYMBOLS[::-1]\n"):
        found, stored = probe_few(checkout, version, tmp_path / "reversed.json")
    assert found == stored


# Symbols that a call of set_random_seed before all of them changes: in 2.10 to 2.15 Keras then has
# a generator of its own for good. It is why there are two passes (`probes.observe.Observer`).
CHANGED = {
    "2.10.1": {
        "tf.keras.layers.Dense",
        "tf.keras.layers.Dense(kernel_initializer='uniform')",
        "tf.compat.v1.layers.Dense",
        "tf.initializers.glorot_uniform",
        "tf.keras.initializers.glorot_uniform",
        "tf.keras.initializers.GlorotUniform",
    },
    "2.21.0": set(),
}


@pytest.mark.parametrize("version", CHANGED)
def test_where_set_random_seed_is_called_first_another_thing_is_seen(
    checkout: Path, tmp_path: Path, version: str
) -> None:
    source = checkout / "probes" / "child_main.py"
    text, made = source.read_text(encoding="utf-8"), "    observer = Observer(release)\n"
    assert made in text
    with edited(source, text.replace(made, f"{made}    tf.keras.utils.set_random_seed(1)\n")):
        found, stored = probe_few(checkout, version, tmp_path / "seeded.json")
    pairs = zip(found, stored, strict=True)
    assert {one.symbol.name for one, other in pairs if one != other} == CHANGED[version]


@contextmanager
def edited(source: Path, text: str) -> Iterator[None]:
    """Replace the text of a file in an environment while the context lasts."""
    working = source.read_text(encoding="utf-8")
    source.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        source.write_text(working, encoding="utf-8")


def test_the_whole_of_contrib_changes_no_byte(checkout: Path, tmp_path: Path) -> None:
    version = "1.0.1"
    place = environment(checkout, version)
    (source,) = place.glob("lib/*/site-packages/tensorflow/__init__.py")
    asked = "import tensorflow, sys; print('tensorflow.contrib.slim' in sys.modules)"
    command = [str(place / "bin" / "python"), "-I", "-c", asked]
    out = tmp_path / f"{version}.json"
    assert subprocess.check_output(command, text=True) == "False\n"
    with edited(source, f"{source.read_text(encoding='utf-8')}\nimport tensorflow.contrib\n"):
        assert subprocess.check_output(command, text=True) == "True\n"
        probe(checkout, version, out)
    assert out.read_bytes() == (ROOT / OBSERVATIONS / out.name).read_bytes()


def test_a_symbol_that_takes_a_real_release_down_is_failed_alone(
    checkout: Path, tmp_path: Path
) -> None:
    version, name = "2.10.1", "tf.keras.layers.Dense"
    (source,) = environment(checkout, version).glob(
        "lib/*/site-packages/keras/layers/core/dense.py"
    )
    working = source.read_text(encoding="utf-8")
    begin = "    def build(self, input_shape):\n"
    assert begin in working
    with edited(source, working.replace(begin, f"{begin}        __import__('os').abort()\n")):
        found, stored = probe_few(checkout, version, tmp_path / "crashed.json")
    failed = [answer for answer in found if answer.state is State.FAILED]
    assert name in [answer.symbol.name for answer in failed]
    for answer, before in zip(found, stored, strict=True):
        if answer in failed:
            assert before.symbol.layer == "Dense"
            assert (answer.reason or "").startswith("killed by SIGABRT")
        else:
            assert answer == before


def test_the_report_follows_and_marks_what_was_measured_here(checkout: Path) -> None:
    done = nox(checkout, "-s", "report")
    assert done.returncode == 0, done.stdout
    data = json.loads((checkout / "site" / "data" / "matrix.json").read_text(encoding="utf-8"))
    here = [r["version"] for r in data["releases"] if not r["recorded"]]
    ledger = checkout / ".nox" / "measured" / "linux-x86_64"
    assert here == [v for v in RELEASES if (ledger / f"{v}.txt").exists()]
    assert here or not CI


def test_a_release_without_its_lock_says_what_to_do(checkout: Path) -> None:
    (checkout / "probes" / "locks" / "2.9.3.txt").unlink()
    done = nox(checkout, "-s", "probe(2.9.3)")
    if not CI and "is not on this machine" in done.stdout:
        pytest.skip("CPython 3.10 is not on this machine")
    assert done.returncode != 0
    assert "nox -s lock -- 2.9.3" in done.stdout
