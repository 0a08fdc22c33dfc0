"""An environment below .nox: made anew, filled and used while no other nox may touch it."""

import shlex
import shutil
from contextlib import contextmanager
from subprocess import CalledProcessError

from probes.setup import installing, settings
from probes.setup.alone import alone, run
from probes.setup.places import LOCKS

# What an environment was made of stays beside it: an observation names that lock, and not the
# one that is in the checkout when it is written.
_INSTALLED = "installed.txt"
_BUSY = "another nox uses .nox/%s; this one waits until that has ended"
_UNUSABLE = "%s: %s; make room there, or let this user write there, and run it again"


@contextmanager
def held(session, folder):
    """Yield the environment in a folder; its lock is taken before anything is made or cleared."""
    path = folder.with_name(folder.name + ".lock")
    try:
        with alone(path, lambda: session.warn(_BUSY % folder.name)) as lock:
            yield Environment(session, folder, lock)
    except OSError as error:
        session.error(_UNUSABLE % (error.filename or folder, error.strerror))


def advise(session, command):
    """Say what may help where a command of uv's that installs has failed."""
    for sentence in installing.advice(command):
        session.warn(sentence)


class Environment:
    """The folder of an environment, for a session that holds its lock."""

    def __init__(self, session, folder, lock):
        self.folder, self.installed = folder, folder / _INSTALLED
        self.python = folder / "bin" / "python"
        self._session, self._lock = session, lock

    def install_release(self, uv, interpreter, version):
        """Make it anew, of exactly what the lock of a release lists."""
        install = self._make(uv, interpreter)
        shutil.copyfile(str(LOCKS / (version + ".txt")), str(self.installed))
        for command in installing.of_a_release(install, self.installed, self.folder):
            self._install(*command)

    def install_group(self, uv, interpreter, group):
        """Make it anew, of the packages of a group."""
        self._install(*self._make(uv, interpreter), *installing.of_a_group(group))

    def remove(self):
        """Remove it, whatever is left of it."""
        shutil.rmtree(str(self.folder), ignore_errors=True)

    def run(self, *command, **variables):
        """Run a command, with variables set for it alone; raise CalledProcessError if it fails."""
        self._session.log(" ".join(shlex.quote(str(word)) for word in command))
        code = run(self._lock, *command, **variables)
        if code:
            self._session.warn("%s %s" % (command[0], installing.ending(code)))
            raise CalledProcessError(code, str(command[0]))

    def _make(self, uv, interpreter):
        """Make it empty, whatever was there; return the command that installs into it."""
        self.remove()
        self.run(uv, "venv", "--quiet", "--python", interpreter, self.folder)
        return uv, "pip", "install", "--quiet", "--python", self.python

    def _install(self, *command):
        try:
            self.run(*command, **settings.own_home(self.folder))
        except CalledProcessError:
            advise(self._session, command)
            raise
