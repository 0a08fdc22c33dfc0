"""Virtual environments in .nox: created anew, and locked against other runs of nox."""

import errno
import fcntl
import os
import shlex
import shutil
import subprocess
from contextlib import contextmanager

from probes.setup import installing, settings
from probes.setup.places import NOX, lock

# A copy of the requirements that an environment was installed from: the file in the checkout may
# change before the observation is written.
_INSTALLED = "installed.txt"
_BUSY = "another nox uses .nox/%s; this one waits until that has ended"
_UNUSABLE = "%s: %s; make room there, or let this user write there, and run it again"
_GRACE = 0.5  # seconds that a command gets to end after Ctrl-C


@contextmanager
def held(session, name):
    """Yield the environment ``name`` under its file lock, after waiting for any other nox."""
    folder = NOX / name
    try:
        NOX.mkdir(parents=True, exist_ok=True)
        with (NOX / (name + ".lock")).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                session.warn(_BUSY % name)
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield Environment(session, folder, lock)
    except OSError as error:
        session.error(_UNUSABLE % (error.filename or folder, error.strerror or error))


class Environment:
    """A virtual environment, for a session that holds its file lock."""

    def __init__(self, session, folder, lock):
        self.folder, self.installed = folder, folder / _INSTALLED
        self.python = folder / "bin" / "python"
        self._session, self._lock = session, lock

    def install_release(self, uv, interpreter, row):
        """Create it anew, with exactly the packages of a release's lock file."""

        def fill(install):
            fault = installing.misplacing(self.python, self.folder)
            if fault:
                self._session.error(fault)
            shutil.copyfile(str(lock(row)), str(self.installed))
            for command in installing.of_a_release(install, self.installed, self.folder):
                self._install(*command)

        self._make(uv, interpreter, fill)

    def install_group(self, uv, interpreter, group):
        """Create it anew, with the packages of a requirements group."""
        group = installing.of_a_group(group)
        self._make(uv, interpreter, lambda install: self._install(*install, *group))

    def remove(self):
        """Remove it, complete or not; raise OSError if that fails."""
        if self.folder.is_symlink():
            raise OSError(errno.ENOTDIR, "it is a link, not a folder", str(self.folder))
        if self.folder.exists():
            shutil.rmtree(str(self.folder))

    def run(self, *command, **variables):
        """Run a command with extra environment variables; raise CalledProcessError if it fails."""
        self._session.log(" ".join(shlex.quote(str(word)) for word in command))
        code = self._wait_for([str(word) for word in command], variables)
        if code:
            self._session.warn("%s %s" % (command[0], installing.ending(code)))
            raise subprocess.CalledProcessError(code, str(command[0]))

    def run_own(self, program, *arguments, **variables):
        """Run a program of this environment, with the environment first on PATH."""
        own = self.python.parent
        path = os.pathsep.join([str(own), os.environ.get("PATH", os.defpath)])
        self.run(own / program, *arguments, **dict({"PATH": path}, **variables))

    def _make(self, uv, interpreter, fill):
        """Create it empty and call ``fill`` with the command that installs into it.

        If uv crashes, do it once more from the start: uv would take a package that the crash left
        half installed for whole.
        """

        def make():
            self.remove()
            self.run(uv, "venv", "--quiet", "--python", interpreter, self.folder)
            fill((uv, "pip", "install", "--quiet", "--python", self.python))

        try:
            make()
        except subprocess.CalledProcessError as error:
            if not installing.crashed(error.returncode):
                raise
            self._session.warn(installing.CRASHED)
            make()

    def _install(self, *command):
        try:
            self.run(*command, **settings.own_home(self.folder))
        except subprocess.CalledProcessError as error:
            if not installing.crashed(error.returncode):
                for sentence in installing.advice(command):
                    self._session.warn(sentence)
            raise

    def _wait_for(self, command, variables):
        """Run a command outside the user's activated environment; return its exit code.

        The command inherits the file lock: if this process is killed, the lock is released only
        after the command has ended. LC_ALL makes it use UTF-8 for paths in any locale.
        """
        kept = {name: text for name, text in os.environ.items() if name != "VIRTUAL_ENV"}
        process = subprocess.Popen(
            command,
            env=dict(kept, LC_ALL="C.UTF-8", **variables),
            stderr=subprocess.STDOUT,
            pass_fds=[self._lock.fileno()],
        )
        try:
            return process.wait()
        except KeyboardInterrupt:
            try:
                process.wait(_GRACE)  # it received Ctrl-C too
            except subprocess.TimeoutExpired:
                process.terminate()
                process.wait()
            raise
