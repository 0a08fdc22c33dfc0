"""Reject options of nox, and folders, with which no environment can be created."""

import argparse
import os
import shlex
from pathlib import Path

from probes.setup.places import NOX, ROOT

_BACKEND = (
    "%s can't be used here: each session makes the environment that it needs, with uv; leave it out"
)
_NAME = "%s has %s in its name, %s; %s without it"
_SPLIT = "at which PATH splits, so that another Python would run"
_EXPANDED = "which nox takes for a variable"
_MOVE = "move the checkout to a folder"
_DANGLING = "%s leads to %s, which is not there: mount that disk, or remove the link"
_NO_FOLDER = "%s is no folder, and environments are made below it: move it away"
_CLOSED = (
    "%s can't be written by this user, and what nox makes is kept there: use a clone of your own, "
    "or, where nox ran as another user, `sudo chown -R %d %s`"
)
_READ_ONLY = (
    "%s is on a disk that can't be written, and what nox makes is kept there: use a clone elsewhere"
)
_MAKES_NOTHING = ["interpreters"]  # the sessions that need no environment


def read(arguments):
    """Return the options of nox that affect environments, from its command line."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--envdir", default="")
    parser.add_argument("-fb", "--force-venv-backend", dest="backend")
    parser.add_argument("--no-venv", action="store_true")
    parser.add_argument("--install-only", action="store_true")
    parser.add_argument("-l", "--list", "--list-sessions", dest="lists", action="store_true")
    parser.add_argument("-s", "-e", "--session", "--sessions", dest="sessions", nargs="*")
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return parser.parse_known_args(own)[0]


def faults(switches):
    """Yield a sentence for each reason why no environment can be created."""
    if switches.backend:
        yield _BACKEND % "--force-venv-backend"
    if switches.no_venv:
        yield _BACKEND % "--no-venv"
    if os.pathsep in str(ROOT):
        yield _NAME % (ROOT, os.pathsep, _SPLIT, _MOVE)
    if os.path.expandvars(str(ROOT)) != str(ROOT):
        yield _NAME % (ROOT, "$", _EXPANDED, _MOVE)
    if os.pathsep in switches.envdir:
        yield _NAME % (switches.envdir, os.pathsep, _SPLIT, "give --envdir a folder")
    if not switches.lists and switches.sessions != _MAKES_NOTHING:
        for folder in {NOX, Path(os.path.abspath(switches.envdir or str(NOX)))}:
            yield from _place_faults(folder)


def _place_faults(folder):
    """Yield why nothing can be created in a folder, which need not exist yet."""
    if folder.is_symlink() and not folder.exists():
        yield _DANGLING % (folder, os.readlink(str(folder)))
        return
    while not os.path.lexists(str(folder)):
        folder = folder.parent
    if not folder.is_dir():
        yield _NO_FOLDER % folder
    elif os.statvfs(str(folder)).f_flag & os.ST_RDONLY:
        yield _READ_ONLY % folder
    elif not os.access(str(folder), os.R_OK | os.W_OK | os.X_OK):
        yield _CLOSED % (folder, os.getuid(), shlex.quote(str(folder)))
    elif folder == NOX:
        there = [path for path in sorted(folder.iterdir()) if path.exists()]
        closed = [path for path in there if not os.access(str(path), os.W_OK)]
        if closed:
            yield _CLOSED % (closed[0], os.getuid(), shlex.quote(str(folder)))
