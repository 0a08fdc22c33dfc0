"""Whether this process runs in the environment that its lock describes, whole and alone.

Asked in the asking process before TensorFlow is imported: by the folders that an installer
leaves beside the packages, since importlib.metadata starts at CPython 3.8.
"""

import os
import re
import sys

_REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)", re.MULTILINE)
_INFO = re.compile(r"^(.+?)-([^-]+)(?:-py[0-9.]+)?\.(?:dist|egg)-info$")


def differences(lock, python):
    """Return in sentences how this environment differs from its lock and from its row.

    ``lock`` is the path of the requirements that were to be installed, with ``==`` for each;
    ``python`` the version of the row, as "3.9". Nothing is returned where all is as named.
    """
    found = []
    running = "%d.%d" % sys.version_info[:2]
    if running != python:
        found.append("Python %s runs, not %s" % (running, python))
    if sys.prefix == sys.base_prefix:
        found.append("the Python that runs is no environment's own")
    locked, installed = _locked(lock), _installed()
    for name in sorted(set(locked) | set(installed)):
        here, wanted = installed.get(name, ["no version"]), locked.get(name, "no version")
        if here != [wanted]:
            found.append("%s: %s installed, %s locked" % (name, " and ".join(here), wanted))
    return found


def _locked(lock):
    """Return the version of each locked package by its normalised name."""
    with open(lock, encoding="utf-8") as requirements:
        return {
            _normal(name): version for name, version in _REQUIREMENT.findall(requirements.read())
        }


def _installed():
    """Return the versions of each package that this process can import, by normalised name."""
    found = {}
    for place in sys.path:
        for name in sorted(os.listdir(place)) if os.path.isdir(place) else ():
            info = _INFO.match(name)
            if info:
                found.setdefault(_normal(info.group(1)), []).append(info.group(2))
    return found


def _normal(name):
    """Return a name as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()
