"""The packages of this process, and whether they and its Python are what the lock describes.

They are read from the folders that an installer leaves beside the packages, since
importlib.metadata starts at CPython 3.8.
"""

import os
import re
import sys

_REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)", re.MULTILINE)
_INFO = re.compile(r"^(.+?)-([^-]+)(?:-py[0-9.]+)?\.(?:dist|egg)-info$")


def differences(lock, python):
    """Return in sentences how this environment differs from its lock and from its row.

    ``lock`` is the path of the requirements that were to be installed, with ``==`` for each;
    ``python`` the version of the row, as "3.9". It is asked before TensorFlow is imported.
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
    for name, version, _ in installed():
        versions.setdefault(name, []).append(version)
    for name in sorted(set(locked) | set(versions)):
        here, wanted = versions.get(name, ["no version"]), locked.get(name, "no version")
        if here != [wanted]:
            found.append("%s: %s installed, %s locked" % (name, " and ".join(here), wanted))
    return found


def installed():
    """Yield name, version and folder of each package that this process can import."""
    for place in sys.path:
        for entry in sorted(os.listdir(place)) if os.path.isdir(place) else ():
            info = _INFO.match(entry)
            if info:
                yield _normal(info.group(1)), info.group(2), os.path.join(place, entry)


def _normal(name):
    """Return a name as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()
