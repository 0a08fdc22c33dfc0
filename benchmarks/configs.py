"""The peers' configuration files for one release, each as simple as possible.

Each imports TensorFlow and then creates a marker file, so that success doesn't depend on the
peer's exit code.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from report.evidence import Entry

MARK = "imported"
_IMPORT = f"import tensorflow; open('{{place}}/{MARK}', 'w').close()"


def script(place: str) -> str:
    """Return the Python code that a peer runs: import, then create the marker in a folder."""
    return _IMPORT.format(place=place)


def naive_nox(release: Entry, place: str) -> dict[str, str]:
    """Return the configuration files of nox with virtualenv and pip."""
    text = f"""import nox

nox.options.default_venv_backend = "virtualenv"


@nox.session(python="{release.python}")
def naive(session):
    session.install("tensorflow=={release.version}")
    session.run("python", "-c", "{script(place)}")
"""
    return {"noxfile.py": text}


def tox(release: Entry, place: str) -> dict[str, str]:
    """Return the configuration files of tox with its defaults."""
    text = f"""[tox]
no_package = true
env_list = release

[testenv:release]
base_python = python{release.python}
deps = tensorflow=={release.version}
commands = python -c "{script(place)}"
"""
    return {"tox.ini": text}


def asv(release: Entry, place: str) -> dict[str, str]:
    """Return the configuration files of asv with virtualenv, for an empty project."""
    settings = {
        "version": 1,
        "project": "empty",
        "project_url": "",
        "repo": ".",
        "branches": ["main"],
        "environment_type": "virtualenv",
        "pythons": [release.python],
        "matrix": {"req": {"tensorflow": [release.version]}},
    }
    benchmark = f'def timeraw_import():\n    return "{script(place)}"\n'
    return {
        "asv.conf.json": json.dumps(settings, indent=1) + "\n",
        "setup.py": 'from setuptools import setup\n\nsetup(name="empty", py_modules=["empty"])\n',
        "empty.py": "",
        "benchmarks/__init__.py": "",
        "benchmarks/imports.py": benchmark,
    }
