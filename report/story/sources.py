"""Where a frame of the call path can be read: its line in the public repository, at its tag."""

from __future__ import annotations

import re
from urllib.parse import quote

from report.evidence import Frame

_TENSORFLOW = "https://github.com/tensorflow/tensorflow"
_REPOSITORIES = {
    "tensorflow": _TENSORFLOW,
    "tensorflow-cpu": _TENSORFLOW,
    "keras": "https://github.com/keras-team/keras",
    "tf-keras": "https://github.com/keras-team/tf-keras",
}
_VERSION = re.compile(r"(\d+\.\d+\.\d+)(?:(rc)(\d+))?")
# From this Keras on the repository has the wheel's own folder src/; before, the wheel
# was made by moving everything into it.
_KERAS_WITH_SRC = (3, 3)


def link(frame: Frame) -> str | None:
    """Return the address of a frame's line, or None where the file is made by the build."""
    distribution = (frame.distribution or "").replace("_", "-").lower()
    version = _VERSION.fullmatch(frame.version or "")
    file = frame.file
    if distribution not in _REPOSITORIES or not version:
        return None
    if "/_api/" in file or "/gen_" in file or ".." in file:
        return None
    tag = f"v{version[1]}-rc{version[3]}" if version[2] else f"v{version[1]}"
    path = quote(_in_repository(file, distribution, version[1]))
    return f"{_REPOSITORIES[distribution]}/blob/{tag}/{path}#L{frame.line}"


def _in_repository(file: str, distribution: str, version: str) -> str:
    folder, _, rest = file.partition("/")
    if folder == "tensorflow_core":
        return f"tensorflow/{rest}"
    early = tuple(int(part) for part in version.split(".")[:2]) < _KERAS_WITH_SRC
    if distribution == "tf-keras" or (distribution == "keras" and early):
        return f"{folder}/{rest.removeprefix('src/')}"
    return file
