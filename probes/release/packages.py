"""Installed packages: compare them with the lock file, and find the package that owns a file.

They are read from the metadata folders in site-packages, since importlib.metadata is new in
CPython 3.8.
"""

import os
import re
import sys
from functools import lru_cache

_REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)", re.MULTILINE)
_INFO = re.compile(r"^(.+?)-([^-]+)(?:-py[0-9.]+)?\.(?:dist|egg)-info$")
_OWNERS = (
    "tensorflow",
    "tensorflow-cpu",
    "tensorflow-cpu-aws",
    "keras",
    "keras-nightly",
    "tf-keras",
)


def differences(lock, python):
    """Return a sentence for each difference between this environment and its lock and Python.

    ``lock`` is the path of a requirements file with pinned versions; ``python`` is a version such
    as "3.9". TensorFlow need not be imported yet.
    """
    found = []
    running = "%d.%d" % sys.version_info[:2]
    if running != python:
        found.append("Python %s runs, not %s" % (running, python))
    if sys.prefix == sys.base_prefix:
        found.append("the Python that runs is no environment's own")
    with open(lock, encoding="utf-8") as requirements:
        pins = _REQUIREMENT.findall(requirements.read())
    locked, versions = {_normal(name): version for name, version in pins}, {}
    for name, version, _ in _installed():
        versions.setdefault(name, []).append(version)
    for name in sorted(set(locked) | set(versions)):
        here, wanted = versions.get(name, ["no version"]), locked.get(name, "no version")
        if here != [wanted]:
            found.append("%s: %s installed, %s locked" % (name, " and ".join(here), wanted))
    return found


def deciding():
    """Return the versions of NumPy and Keras, on which defaults depend too."""
    import numpy as np

    versions = {name: version for name, version, _ in _owners()}
    return {
        "numpy": np.__version__,
        "keras": versions.get("keras") or versions.get("keras-nightly"),
        "tf_keras": versions.get("tf-keras"),
    }


@lru_cache(maxsize=None)
def owner(filename):
    """Return distribution and version of the owner of a path relative to site-packages."""
    for name, version, record in _owners():
        if "\n%s," % filename in record:
            return [name, version]
    return [None, None]


@lru_cache(maxsize=None)
def _owners():
    """Return name, version and RECORD of each distribution that can be on a call path."""
    found = []
    for name, version, folder in _installed():
        if name in _OWNERS:
            with open(os.path.join(folder, "RECORD"), encoding="utf-8") as record:
                found.append((name, version, "\n" + record.read()))
    return found


def _installed():
    """Yield name, version and metadata folder of each package on ``sys.path``."""
    for place in sys.path:
        for entry in sorted(os.listdir(place)) if os.path.isdir(place) else ():
            info = _INFO.match(entry)
            if info:
                yield _normal(info.group(1)), info.group(2), os.path.join(place, entry)


def _normal(name):
    """Return a package name normalised as in PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()
