"""Run the Python of an environment, and its child processes, under QEMU's user emulation."""

import os
import re
import shlex
import shutil
import subprocess
from typing import NamedTuple, Tuple

_MISSING = "%s is not on this machine: install QEMU's user emulation (on Debian: qemu-user)"
_UNKNOWN = "%s is no processor that %s knows: `%s -cpu help` lists them"
_WARNING = r"doesn't support requested feature: CPUID\S*\.([\w.-]+) \[bit"
# -0 keeps sys.executable: Python finds its environment, and starts its children by the script.
_SCRIPT = '#!/bin/sh\nexec %s -0 "$0" %s "$@"\n'


class EmulationError(Exception):
    """What was asked for can't be emulated here; the message says what to do."""


class Emulator(NamedTuple):
    """An emulator of a processor architecture: the path of its program, and its options."""

    program: str
    options: Tuple[str, ...] = ()

    def __str__(self):
        return " ".join([os.path.basename(self.program), *self.options])

    def version(self):
        """Return the name and version, such as "qemu-aarch64 7.2.22"."""
        found = re.search(r"version (\S+)", _output(self.program, "--version"))
        return " ".join([os.path.basename(self.program), *(found.groups() if found else ())])

    def with_processor(self, name):
        """Return the emulator of a processor; raise EmulationError if it knows none of the name."""
        listed = _output(self.program, "-cpu", "help").partition("\n\n")[0]
        known = re.findall(r"^(?:x86|  ) *(\S+)", listed.partition(":")[2], re.MULTILINE)
        if name not in known:
            program = os.path.basename(self.program)
            raise EmulationError(_UNKNOWN % (name, program, program))
        emulated = (self.program, *self.options, "-cpu", name)
        # Turn off by name what is not emulated, or each start prints a warning.
        lacking = re.findall(_WARNING, _output(*emulated, "/bin/true"))
        return self._replace(options=(*self.options, "-cpu", ",-".join([name, *lacking])))

    def with_root(self, folder):
        """Return the emulator of programs whose system libraries are in a folder."""
        return self._replace(options=(*self.options, "-L", str(folder)))

    def wrap(self, python, interpreter):
        """Write the script ``python``, which runs ``interpreter`` emulated."""
        words = " ".join(map(shlex.quote, [self.program, *self.options]))
        new = python.with_name(python.name + ".new")
        new.write_text(_SCRIPT % (words, shlex.quote(str(interpreter))), encoding="utf-8")
        new.chmod(0o755)
        new.replace(python)  # at once, as another session may start it now


def of(machine):
    """Return the emulator of an architecture such as x86_64; raise EmulationError if missing."""
    name = "qemu-" + machine
    program = shutil.which(name)
    if program is None:
        raise EmulationError(_MISSING % name)
    return Emulator(program)


def _output(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode("utf-8", "replace")
