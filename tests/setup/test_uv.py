"""Test uv when it is too old, broken, or without a network."""

from __future__ import annotations

import re
import subprocess
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from nox.virtualenv import UV

from probes.setup import installing
from tests.support import small
from tests.support.checkout import ROOT, copied, nox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.small import Checkout

SESSION = f"probe({small.ONE})"
GET_IT = 'get it with `python -m pip install --upgrade "nox[uv]"`'
# A uv without a network that can make an environment; with --offline it exits with a code.
NO_NETWORK = """case "$*" in
  *version*) echo '{{"version": "0.13.9"}}' ;;
  venv*) for last; do :; done; [ "$last" = --clear ] && last=.nox/explain; mkdir -p "$last/bin" ;;
  *"--offline --dry-run") exit {code} ;;
  *) echo "error: failed to fetch"; exit 2 ;;
esac"""
# A uv that fails to install for another reason than the network.
CACHED = """case "$*" in
  *version*) echo '{{"version": "0.13.9"}}' ;;
  venv*|*"--offline --dry-run") exit 0 ;;
  *) {ends} ;;
esac"""

# The real uv, which crashes at an installation without the shared cache, once for each character
# in a file, and leaves something in the environment.
CRASHING = """case "$*" in
  *"--link-mode hardlink") if [ -s "{before}" ]; then
    left=$(cat "{before}"); printf %s "${{left#?}}" > "{before}"
    touch "{half}"; kill -s {signal} $$
  fi ;;
esac
exec "{uv}" "$@"
"""


def program(place: Path, script: str) -> dict[str, str]:
    """Return the environment variable that names a fake uv."""
    place.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    place.chmod(0o755)
    return {"UV": str(place)}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Return a checkout with two small releases."""
    return small.checkout(tmp_path_factory.mktemp("uv"))


@pytest.mark.parametrize("version", ["0.5.31", "0.9.30", "0.10.11"])
def test_a_uv_that_is_too_old_is_named_with_the_oldest_that_works(
    checkout: Checkout, tmp_path: Path, version: str
) -> None:
    uv = program(tmp_path / "uv", f'echo \'{{"version": "{version}"}}\'')
    done = nox(checkout.root, "-s", SESSION, **dict(checkout.variables) | uv)
    assert done.returncode != 0
    oldest = ".".join(map(str, installing.OLDEST_UV))
    assert f"uv {version} is too old, {oldest} is the oldest that works: {GET_IT}" in done.stdout
    assert "Traceback" not in done.stdout
    assert not checkout.environment(small.ONE).exists()


def test_the_oldest_uv_that_works_is_enough_and_readme_asks_for_it() -> None:
    assert installing.uv_fault(found=True, version=installing.OLDEST_UV) is None
    assert installing.uv_fault(found=True, version=(1, 0, 0)) is None
    asked = re.search(r"uv (\d+\.\d+\.\d+) or newer", (ROOT / "README.md").read_text("utf-8"))
    assert asked
    assert asked[1] == ".".join(map(str, installing.OLDEST_UV))


def test_a_uv_that_does_not_run_has_the_last_word(checkout: Checkout, tmp_path: Path) -> None:
    uv = program(tmp_path / "uv", "echo 'error: no room on this device' >&2; exit 2")
    done = nox(checkout.root, "-s", SESSION, **dict(checkout.variables) | uv)
    assert done.returncode != 0
    assert f"{tmp_path}/uv can't be used (error: no room on this device): {GET_IT}" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.parametrize(("code", "cached"), [(0, True), (1, False)])
def test_without_a_network_what_is_cached_is_a_sentence_away(
    tmp_path: Path,
    code: int,
    cached: bool,  # noqa: FBT001
) -> None:
    """Uv itself tells, asked offline and dry, whether all is in its cache."""
    checkout = copied(tmp_path / "checkout")
    uv = program(tmp_path / "uv", NO_NETWORK.format(code=code))
    for session in ("explain", "report"):
        done = nox(checkout, "-s", session, **uv)
        assert done.returncode != 0
        assert "error: failed to fetch" in done.stdout
        assert (installing.OFFLINE in done.stdout) == cached
        assert "Traceback" not in done.stdout
        assert installing.OFFLINE not in nox(checkout, "-s", session, UV_OFFLINE="1", **uv).stdout


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        ("echo 'error: No space left on device (os error 28)'; exit 2", "ended with exit code 2"),
        ("kill -s XFSZ $$", "was killed by SIGXFSZ"),
    ],
)
def test_where_no_network_is_at_fault_none_is_named_and_a_signal_has_its_name(
    tmp_path: Path, ends: str, says: str
) -> None:
    uv = program(tmp_path / "uv", CACHED.format(ends=ends))
    done = nox(copied(tmp_path / "checkout"), "-s", "report", **uv)
    assert done.returncode != 0
    assert f"{tmp_path}/uv {says}" in done.stdout
    assert installing.OFFLINE not in done.stdout


@pytest.mark.parametrize(("times", "signal"), [(1, "SEGV"), (1, "BUS"), (2, "ABRT")])
def test_where_uv_itself_crashes_it_starts_once_more_from_nothing(
    checkout: Checkout, tmp_path: Path, times: int, signal: str
) -> None:
    """The second of a release's two installations crashes, and the first one looks complete."""
    assert checkout.run(small.ONE, "--force").returncode == 0
    whole = checkout.observation(small.ONE).read_bytes()
    before, half = tmp_path / "crashes", checkout.environment(small.ONE) / "left by the crash"
    uv = program(tmp_path / "uv", CRASHING.format(uv=UV, half=half, before=before, signal=signal))
    before.write_text("." * times, encoding="utf-8")
    options = ("-s", SESSION, "--", "--force", "--keep")
    done = nox(checkout.root, *options, **dict(checkout.variables) | uv)
    assert done.stdout.count(f"{tmp_path}/uv was killed by SIG{signal}") == times
    assert done.stdout.count(installing.CRASHED) == 1
    assert (done.returncode == 0) == (times == 1), done.stdout
    assert half.exists() == (times == 2)
    assert not before.read_text("utf-8")
    assert checkout.observation(small.ONE).read_bytes() == whole


class Index(SimpleHTTPRequestHandler):
    """A server of a package index's files."""

    def end_headers(self) -> None:
        """Disable caching."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve an index with a small release while the context lasts; yield its URL."""
    name = f"tensorflow_cpu-{small.ONE}-py3-none-any.whl"
    place = folder / "simple" / "tensorflow-cpu"
    place.mkdir(parents=True)
    small.wheel(place, "tensorflow_cpu", small.ONE, {"tensorflow.py": ""})
    (place / "index.html").write_text(f'<a href="{name}">{name}</a>', encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Index, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_uv_tells_whether_the_network_alone_is_missing(tmp_path: Path) -> None:
    """What the sentence rests on, with the real uv."""
    place = tmp_path / "environment"
    make = [UV, "venv", "--quiet", "--clear", str(place)]
    install = [UV, "pip", "install", "--quiet", f"--python={place}/bin/python", "--cache-dir"]
    install += [str(tmp_path / "cache"), "--default-index"]
    with served(tmp_path) as address:
        install += [address, f"tensorflow-cpu=={small.ONE}"]
        subprocess.run(make, check=True)
        assert installing.OFFLINE not in list(installing.advice(install))  # nothing is cached
        subprocess.run(install, check=True)
        subprocess.run(make, check=True)
        assert installing.OFFLINE not in list(installing.advice(install))  # the network is there
    assert installing.OFFLINE in list(installing.advice(install))
