"""Nox's own switches, and places, with which a session would run in another environment."""

import argparse
import os

from probes.setup.places import ROOT

_BACKEND = (
    "%s can't be used here: each session makes the environment that it needs, with uv; leave it out"
)
_NAME = "%s has %s in its name, %s; %s without it"
_SPLIT = "at which PATH splits, so that another Python would run"
_EXPANDED = "which nox takes for a variable"
_MOVE = "move the checkout to a folder"


def read(arguments):
    """Return those of nox's switches that matter here, from its command line."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--envdir", default="")
    parser.add_argument("-fb", "--force-venv-backend", dest="backend")
    parser.add_argument("--no-venv", action="store_true")
    parser.add_argument("--install-only", action="store_true")
    parser.add_argument("-R", "--no-install", dest="no_install", action="store_true")
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return parser.parse_known_args(own)[0]


def faults(switches):
    """Yield a sentence for each reason to make no environment at all."""
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
