"""An environment below .nox: made anew, filled and used while no other nox may touch it."""

import errno
import os
import shlex
import shutil
from contextlib import contextmanager
from subprocess import CalledProcessError

from probes.setup import installing, settings
from probes.setup.alone import alone, run
from probes.setup.places import LOCKS, NOX

# What an environment was made of stays beside it: an observation names that lock, and not the
# one that is in the checkout when it is written.
_INSTALLED = "installed.txt"
_BUSY = "another nox uses .nox/%s; this one waits until that has ended"
_UNUSABLE = "%s: %s; make room there, or let this user write there, and run it again"


@contextmanager
def held(session, name):
    """Yield an environment by its name; its lock is taken before anything is made or cleared."""
    folder = NOX / name
    try:
        with alone(NOX / (name + ".lock"), lambda: session.warn(_BUSY % name)) as lock:
            yield Environment(session, folder, lock)
    except OSError as error:
        session.error(_UNUSABLE % (error.filename or folder, error.strerror or error))


class Environment:
    """The folder of an environment, for a session that holds its lock."""

    def __init__(self, session, folder, lock):
        self.folder, self.installed = folder, folder / _INSTALLED
        self.python = folder / "bin" / "python"
        self._session, self._lock = session, lock

    def install_release(self, uv, interpreter, version):
        """Make it anew, of exactly what the lock of a release lists."""
        install = self._make(uv, interpreter)
        fault = installing.misplacing(self.python, self.folder)
        if fault:
            self._session.error(fault)
        shutil.copyfile(str(LOCKS / (version + ".txt")), str(self.installed))
        for command in installing.of_a_release(install, self.installed, self.folder):
            self._install(*command)

    def install_group(self, uv, interpreter, group):
        """Make it anew, of the packages of a group."""
        self._install(*self._make(uv, interpreter), *installing.of_a_group(group))

    def remove(self):
        """Remove it, whatever is left of it; raise OSError where something can't be removed."""
        if self.folder.is_symlink():
            raise OSError(errno.ENOTDIR, "it is a link, not a folder", str(self.folder))
        if self.folder.exists():
            shutil.rmtree(str(self.folder))

    def run(self, *command, **variables):
        """Run a command, with variables set for it alone; raise CalledProcessError if it fails."""
        self._session.log(" ".join(shlex.quote(str(word)) for word in command))
        code = run(self._lock, *command, **variables)
        if code:
            self._session.warn("%s %s" % (command[0], installing.ending(code)))
            raise CalledProcessError(code, str(command[0]))

    def run_own(self, program, *arguments, **variables):
        """Run a program of this environment, which finds the others first."""
        own = self.python.parent
        path = os.pathsep.join([str(own), os.environ.get("PATH", os.defpath)])
        self.run(own / program, *arguments, **dict({"PATH": path}, **variables))

    def _make(self, uv, interpreter):
        """Make it empty, whatever was there; return the command that installs into it."""
        self.remove()
        self.run(uv, "venv", "--quiet", "--python", interpreter, self.folder)
        return uv, "pip", "install", "--quiet", "--python", self.python

    def _install(self, *command):
        try:
            self.run(*command, **settings.own_home(self.folder))
        except CalledProcessError:
            for sentence in installing.advice(command):
                self._session.warn(sentence)
            raise
