"""Which distribution, in which version, a file under site-packages belongs to."""

import glob
import os
import re
import sys

_NAMES = ("tensorflow", "tensorflow_cpu", "keras", "keras_nightly", "tf_keras")


def packages():
    """Return the versions that decide the defaults beside TensorFlow's own, or None."""
    import numpy as np

    installed = {name: version for name, version, _ in _distributions()}
    return {
        "numpy": np.__version__,
        "keras": installed.get("keras") or installed.get("keras_nightly"),
        "tf_keras": installed.get("tf_keras"),
    }


class Owners:
    """Find the distribution of a file, reading each distribution's record once."""

    def __init__(self):
        self._records = [(n, v, _files(folder)) for n, v, folder in _distributions()]

    def of(self, filename):
        """Return {distribution, version} of a path relative to site-packages."""
        for name, version, files in self._records:
            if filename in files:
                return {"distribution": name.replace("_", "-"), "version": version}
        return {"distribution": None, "version": None}


def _distributions():
    for name in _NAMES:
        for place in sys.path:
            for folder in glob.glob(os.path.join(place, name + "-*.dist-info")):
                match = re.match(re.escape(name) + r"-(.+)\.dist-info$", os.path.basename(folder))
                if match:
                    yield name, match.group(1), folder


def _files(folder):
    with open(os.path.join(folder, "RECORD"), encoding="utf-8") as record:
        return {line.split(",", 1)[0] for line in record}
