"""Query the package index through uv: the last release that fits, its Python and upload time."""

import re
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from probes.setup import table
from probes.setup.places import PLATFORM

_WHEEL = re.compile(r"-(?P<pythons>[^-]+)-[^-]+-(?P<platforms>[^-]+)\.whl$")
# uv's messages if the index has no such release, and if it has no package of that name, which
# suggests that uv is set up with the wrong index.
_NO_RELEASE, _NO_PACKAGE = "No solution found", "was not found in"
_SHOWN = 2  # lines of uv's output, whose first lines give the reason


class OfferError(Exception):
    """The index can't be queried, or its answer is incomplete."""


class UnusableError(OfferError):
    """A release in the index of which no row can be made; ``version`` names it."""

    def __init__(self, version, reason):
        super().__init__("%s %s" % (version, reason))
        self.version = version


class Release(NamedTuple):
    """A release in the index; ``wheels`` are dictionaries, as in a pylock.toml."""

    version: str
    wheels: list


class Wheel(NamedTuple):
    """The Python version of a wheel, such as "3.11", and its upload time."""

    python: str
    uploaded: datetime


def last(uv, load, wanted, python, candidates):
    """Return the last release that fits a requirement, or None.

    It may be for ``python`` or any later version. ``load`` reads a TOML file; ``candidates`` is
    the value of uv's ``--prerelease``.
    """
    with tempfile.TemporaryDirectory() as folder:
        place, answer = Path(folder, "wanted.in"), Path(folder, "pylock.toml")
        place.write_text(wanted + "\n", encoding="utf-8")
        command = (
            *(uv, "pip", "compile", "--quiet", "--no-deps", "--no-header", "--universal"),
            *("--no-build", "--prerelease", candidates, "--python-version", python),
            *("--python", sys.executable),  # otherwise uv runs each Python that it finds
            *("--format", "pylock.toml", "--output-file", str(answer), str(place)),
        )
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = subprocess.run(command, check=False, **both)
        if done.returncode == 0:
            packages = load(answer).get("packages", [])
            return max((_release(package) for package in packages), key=_order, default=None)
    words = done.stdout.decode("utf-8", "replace")
    if _NO_RELEASE in words and _NO_PACKAGE not in words:
        return None
    lines = (line.strip() for line in words.splitlines()[:_SHOWN])
    reason = ": ".join(re.sub(r"^(error|cause): ", "", line) for line in lines)
    raise OfferError("the index can't be asked for %s (%s)" % (wanted, reason))


def _release(package):
    """Return a package as a Release; raise OfferError if its version doesn't fit the table."""
    if not table.fits("version", package["version"]):
        reason = "of %s is no version for the table" % package["name"]
        raise UnusableError(package["version"], reason)
    return Release(package["version"], package.get("wheels", []))


def _order(release):
    return table.order(release.version)


def first_wheel(release, oldest):
    """Return this platform's wheel for the first Python version, ``oldest`` or newer, with one."""
    fitting = {}
    for wheel in release.wheels:
        name = wheel.get("name") or wheel.get("url", "").rpartition("/")[2]
        for python in _pythons(name, oldest):
            fitting.setdefault(python, wheel)
    if not fitting:
        reason = "has no wheel for %s from CPython %s on" % (PLATFORM, oldest)
        raise UnusableError(release.version, reason)
    python = min(fitting, key=_numbers)
    if "upload-time" not in fitting[python]:
        sentence = "the index does not say when %s was uploaded, by which it is resolved"
        raise OfferError(sentence % release.version)
    return Wheel(python, fitting[python]["upload-time"])


def _pythons(name, oldest):
    """Yield each Python version, ``oldest`` or newer, that a wheel for this platform supports."""
    tags = _WHEEL.search(name)
    if not tags or not any(map(_is_here, tags.group("platforms").split("."))):
        return
    for tag in tags.group("pythons").split("."):
        python = oldest if tag == "py3" else re.sub(r"^cp3(\d+)$", r"3.\1", tag)
        if re.fullmatch(r"3\.\d+", python) and _numbers(python) >= _numbers(oldest):
            yield python


def _is_here(platform):
    """Return whether a wheel's platform tag fits this platform."""
    system, _, machine = PLATFORM.partition("-")
    fits = system in platform and "musl" not in platform  # musllinux is another C library's
    return platform == "any" or (fits and platform.endswith("_" + machine))


def _numbers(python):
    return [int(number) for number in python.split(".")]
