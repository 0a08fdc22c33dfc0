"""When, where and by what each stored observation was last confirmed.

It was confirmed when its release was measured, and these very bytes came out. Beside the
observations of a platform, ``confirmed.toml`` has a line for each such release, in the order of
the table:

    "2.21.0" = { date = "2026-11-26", where = "local", python = "3.11.7", commit = "f560ad1b2c3d",
                 observation = "0123456789abcdef" }        (on one line)

date         the day of the measurement (UTC)
where        "local", or "GitHub Actions run 123"
python       the full version of the interpreter
commit       what was checked out, "f560ad1b2c3d with changes" where the probes were not the
             commit's; without a repository there is no such field
observation  the first 16 digits of the SHA-256 of the observation: where the stored file has
             another one, the line is not about it

A probe leaves its line in .nox, and `nox -s confirm` alone writes the file: a release that is
measured again and does the same leaves `git diff observations/` empty, whatever the day.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import datetime, timezone

from probes.setup import ledger
from probes.setup.places import CONFIRMED, CONTRACT, LEDGER, OBSERVATIONS, ROOT
from probes.setup.table import TAGS

_HEAD = """\
# When, where and by what each observation was last confirmed: its release was measured, and these
# very bytes came out. `nox -s confirm` writes this file; probes/setup/confirm.py has the fields.
"""
_LINE = re.compile(r'"(?P<version>\S+)" = \{ .*observation = "(?P<digest>[0-9a-f]{16})" \}')
_DIGITS = 16


def note(row, environment):
    """Keep the line of a release that was measured just now, in an environment."""
    facts = {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "where": _where(os.environ),
        "python": _python(environment),
        "commit": _commit(),
        "observation": _digest(row["version"]),
    }
    pairs = ", ".join("%s = %s" % (key, json.dumps(text)) for key, text in facts.items() if text)
    _noted(row["version"]).write_bytes(('"%s" = { %s }\n' % (row["version"], pairs)).encode())


def enter(session, rows):
    """Write what was measured here into the file; print which planned releases were, and not.

    Planned is what the session's arguments name by its tags: everything where there are none.
    """
    tags = set(session.posargs) or {"all"}
    unknown = tags.difference(["all", *TAGS])
    if unknown:
        session.error("%s: no tag; tags are all, %s" % (min(unknown), ", ".join(TAGS)))
    measured = write(rows)
    planned = [row["version"] for row in rows if tags.intersection(["all", *row["tags"]])]
    sys.stdout.write(summary(planned, measured) + "\n")


def write(rows):
    """Write the lines of what was measured here into the file; return those releases.

    The other lines stay as they are, but for those that are about another observation than the
    stored one, or about a release that is in no row.
    """
    current = [row["version"] for row in rows if ledger.is_current(row)]
    lines = _lines(CONFIRMED)
    for version in current:
        lines.update(_lines(_noted(version)))
    kept = [lines[row["version"]] for row in rows if row["version"] in lines]
    if kept or CONFIRMED.exists():
        CONFIRMED.write_bytes((_HEAD + "".join(kept)).encode())
    return current


def summary(planned, measured):
    """Return how many of the planned releases were measured and which were not, as Markdown."""
    missing = [version for version in planned if version not in measured]
    text = "Measured: %d of %d releases." % (len(planned) - len(missing), len(planned))
    if missing:
        text += " **Open gap:** %s; what is shown of them was recorded before." % ", ".join(missing)
    return text


def _noted(version):
    return LEDGER / (version + ".toml")


def _lines(path):
    """Return the lines of a file by their release, without those of another observation."""
    if not path.exists():
        return {}
    found = map(_LINE.fullmatch, path.read_bytes().decode("utf-8", "replace").splitlines())
    return {
        line.group("version"): line.group() + "\n"
        for line in found
        if line and line.group("digest") == _digest(line.group("version"))
    }


def _digest(version):
    """Return the first digits of the hash of a stored observation; None where there is none."""
    path = OBSERVATIONS / (version + ".json")
    return hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGITS] if path.exists() else None


def _where(variables):
    run = variables.get("GITHUB_RUN_ID")
    return "GitHub Actions run %s" % run if run else "local"


def _python(environment):
    """Return the full version of an environment's Python, as uv wrote it down."""
    text = (environment / "pyvenv.cfg").read_text(encoding="utf-8")
    found = re.search(r"^version_info = (\S+)$", text, re.MULTILINE)
    return found.group(1) if found else None


def _commit():
    """Return the commit that is checked out, and whether other probes than its own ran."""
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = commit and _git("status", "--porcelain", "--", "probes", str(CONTRACT))
    return commit + " with changes" if changed else commit


def _git(*words):
    """Return what git prints of the checkout; nothing without git or a repository."""
    command = ("git", "-c", "safe.directory=*", "-C", str(ROOT), *words)
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    try:
        done = subprocess.run(command, check=False, **both)
    except OSError:
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None
