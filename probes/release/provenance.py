"""Which distribution, in which version, a file under site-packages belongs to."""

import os
from functools import lru_cache

from probes.run.environment import installed

_NAMES = ("tensorflow", "tensorflow-cpu", "keras", "keras-nightly", "tf-keras")


def packages():
    """Return the versions that decide the defaults beside TensorFlow's own, or None."""
    import numpy as np

    versions = {name: version for name, version, _ in _distributions()}
    return {
        "numpy": np.__version__,
        "keras": versions.get("keras") or versions.get("keras-nightly"),
        "tf_keras": versions.get("tf-keras"),
    }


@lru_cache(maxsize=None)
def owner(filename):
    """Return {distribution, version} of a path relative to site-packages."""
    for name, version, record in _distributions():
        if "\n%s," % filename in record:
            return {"distribution": name, "version": version}
    return {"distribution": None, "version": None}


@lru_cache(maxsize=None)
def _distributions():
    """Return name, version and record, a line for each file, of the distributions that count."""
    found = []
    for name, version, folder in installed():
        if name in _NAMES:
            with open(os.path.join(folder, "RECORD"), encoding="utf-8") as record:
                found.append((name, version, "\n" + record.read()))
    return found
