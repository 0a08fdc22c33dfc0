"""Find a symbol by its public path, or keep TensorFlow's own words of its absence."""

import importlib

from probes.notices import listening
from probes.record import clean

ROOTS = {"tf": "tensorflow", "keras": "keras", "tf_keras": "tf_keras"}


class Absent(Exception):  # noqa: N818 - a finding, not an error
    """The release does not have this path; the text is its own."""


class Lookup:
    """Finds symbols, and remembers what a release said when a module was first reached.

    A module such as ``tf.contrib`` speaks once, on its first use; the words belong
    to every symbol under it.
    """

    def __init__(self):
        self._overheard = {}
        self._known = {}

    def find(self, path):
        """Return the object at ``path`` and the notices on the way; raise Absent."""
        root, *names = path.split(".")
        found = self._step(root, lambda: importlib.import_module(ROOTS[root]))
        reached = root
        for name in names:
            reached += "." + name
            found = self._step(reached, lambda: getattr(found, name))  # noqa: B023
        prefixes = (text for prefix, text in self._overheard.items() if path.startswith(prefix))
        return found, [text for texts in prefixes for text in texts]

    def _step(self, reached, get):
        if reached not in self._known:
            try:
                with listening() as notices:
                    self._known[reached] = get()
            except (ImportError, AttributeError) as error:
                raise Absent(clean(error)) from error
            if notices:
                self._overheard[reached] = notices
        return self._known[reached]
