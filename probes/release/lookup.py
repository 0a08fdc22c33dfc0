"""Find a symbol by its public path, or report that the release does not have it."""

import importlib
from importlib.machinery import PathFinder
from traceback import walk_tb

from probes.kinds.notices import listening
from probes.release.call import ReleaseCall
from probes.run.failure import shortage
from probes.run.record import clean

_ON_DEMAND = "LazyLoader"  # TensorFlow's class of modules that warn when they are loaded
ROOTS = {"tf": "tensorflow", "keras": "keras", "tf_keras": "tf_keras"}


class Absent(Exception):  # noqa: N818 - a finding, not an error
    """The release does not have this path; the text is the release's error message."""

    state = "absent"


class NotInstalled(Absent):
    """The root package of the path is not installed with this release."""

    state = "not-installed"


class Lookup:
    """Finds symbols, and keeps the notices that a module emits on its first use.

    ``tf.contrib`` warns once, when it is loaded: its notice belongs to every symbol below it. And
    a module warns once of a name, which belongs to each path that leads to that module.
    """

    def __init__(self):
        self._found = {}

    def find(self, path):
        """Return the object at ``path`` and its lookup's notices; raise Absent if it is missing."""
        root, *names = path.split(".")
        found, notices = self._step(root, lambda: _package(ROOTS[root]))
        for name in names:
            found, more = self._step((id(found), name), lambda: _attribute(found, name))  # noqa: B023
            notices = notices + more
        return found, notices

    def _step(self, key, get):
        """Return what a step leads to and its notices, which are emitted at its first use only."""
        if key not in self._found:
            with listening() as notices:
                found = get()
            self._found[key] = found, notices
        return self._found[key]


def _package(name):
    if PathFinder.find_spec(name) is None:
        raise NotInstalled("the package %s is not installed with this release" % name)
    with ReleaseCall():
        return importlib.import_module(name)


def _attribute(found, name):
    """Return an attribute; raise Absent if it is missing, and not because an import failed."""
    with ReleaseCall():
        try:
            value = getattr(found, name)
        except AttributeError as error:
            if shortage(error) or _import_failed(error, found, name):
                raise
            absent = Absent(clean(error))
        else:
            if type(value).__name__ == _ON_DEMAND:
                dir(value)  # loads it
            return value
    raise absent


def _import_failed(error, found, name):
    """Return whether an AttributeError comes from a failed import.

    A lazily importing module also raises it for a submodule that can't be imported.
    """
    inside = "%s.%s" % (getattr(found, "__name__", ""), name)
    if PathFinder.find_spec(inside, getattr(found, "__path__", ())) is not None:
        return True
    while error is not None:
        missing = isinstance(error, ImportError) and error.name == inside
        frames = [frame for frame, _ in walk_tb(error.__traceback__)]
        importing = any(frame.f_code.co_name == "<module>" for frame in frames)
        if not missing and (importing or isinstance(error, ImportError)):
            return True
        error = error.__cause__ or error.__context__
    return False
