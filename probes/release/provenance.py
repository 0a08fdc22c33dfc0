"""Which distribution, in which version, a file under site-packages belongs to."""

import os
import re
import sys
from functools import lru_cache

_INFO = re.compile(r"(tensorflow|tensorflow_cpu|keras|keras_nightly|tf_keras)-(.+)\.dist-info$")


def packages():
    """Return the versions that decide the defaults beside TensorFlow's own, or None."""
    import numpy as np

    installed = {name: version for name, version, _ in _distributions()}
    return {
        "numpy": np.__version__,
        "keras": installed.get("keras") or installed.get("keras_nightly"),
        "tf_keras": installed.get("tf_keras"),
    }


@lru_cache(maxsize=None)
def owner(filename):
    """Return {distribution, version} of a path relative to site-packages."""
    for name, version, record in _distributions():
        if "\n%s," % filename in record:
            return {"distribution": name.replace("_", "-"), "version": version}
    return {"distribution": None, "version": None}


@lru_cache(maxsize=None)
def _distributions():
    """Return name, version and record, a line for each file, of the distributions that count."""
    return [
        (*info.groups(), _record(os.path.join(place, info.group())))
        for place in sys.path
        if os.path.isdir(place)
        for info in filter(None, map(_INFO.match, sorted(os.listdir(place))))
    ]


def _record(folder):
    with open(os.path.join(folder, "RECORD"), encoding="utf-8") as record:
        return "\n" + record.read()
