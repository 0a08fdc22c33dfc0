"""Record when, where and with what each stored observation was last confirmed.

An observation is confirmed when measuring its release gives exactly its bytes.
``confirmed.toml``, beside the observations of a platform, has a line for each confirmed release,
in the order of the table:

    "2.21.0" = { date = "2026-11-26", where = "local", python = "3.11.7", commit = "f560ad1b2c3d",
                 observation = "0123456789abcdef" }        (on one line)

date         the day of the measurement (UTC)
where        "local", or "GitHub Actions run 123"
emulator     the program and version that emulated the platform; omitted if nothing was emulated
python       the full version of the interpreter
commit       the commit checked out, "f560ad1b2c3d with changes" if the probes differed from it;
             omitted if there is no repository
observation  the first 16 digits of the SHA-256 of the observation: a line that doesn't match the
             stored file is ignored

A probe stores its line in .nox, and only `nox -s confirm` writes the file, so that measuring a
release again with the same result leaves `git diff observations/` empty.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone

from probes.setup import ledger, table
from probes.setup.places import CONTRACT, LEDGER, ROOT, observation

_NAME = "confirmed.toml"
_HEAD = """\
# When, where and by what each observation was last confirmed: its release was measured, and these
# very bytes came out. `nox -s confirm` writes this file; probes/setup/confirm.py has the fields.
"""
# A line as note() writes it; other lines, which the report may refuse, are not kept.
_LINE = re.compile(
    r'"(?P<version>[0-9.rc]+)" = \{ date = "(?P<day>\d{4}-\d\d-\d\d)", '
    r'where = "(local|GitHub Actions run \d{1,20})", (emulator = "[a-z0-9_. -]{1,100}", )?'
    r'python = "(?P<python>3\.\d+)\.[0-9a-z.+]{1,40}", '
    r'(commit = "[0-9a-f]{7,64}( with changes)?", )?observation = "(?P<digest>[0-9a-f]{16})" \}',
    re.ASCII,
)
_DIGITS = 16


def note(row, environment, emulator=None):
    """Store the line of a release that was just measured in the folder ``environment``.

    ``emulator`` is the name and version of what emulated the release's platform.
    """
    facts = {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "where": _where(os.environ),
        "emulator": emulator,
        "python": _python(environment),
        "commit": _commit(),
        "observation": _digest(row),
    }
    pairs = ", ".join("%s = %s" % (key, json.dumps(text)) for key, text in facts.items() if text)
    _noted(row).write_bytes(('"%s" = { %s }\n' % (row["version"], pairs)).encode())


def enter(session, rows, others):
    """Update the files; print how many planned releases were measured here, and which were not.

    ``rows`` are this platform's, ``others`` has the rows of each platform that can be emulated. The
    session's arguments are tags of the planned releases; without any, all are planned.
    """
    tags = set(session.posargs) or {"all"}
    unknown = tags.difference(["all", *table.TAGS])
    if unknown:
        session.error("%s: no tag; tags are all, %s" % (min(unknown), ", ".join(table.TAGS)))
    try:
        measured = write(rows)
        emulated = [(other, write(other)) for other in others]
    except OSError as error:
        session.error("%s: %s; nothing was written" % (_NAME, error.strerror or error))
    planned = [row["version"] for row in rows if tags.intersection(["all", *row["tags"]])]
    lines = [summary(planned, measured)]
    for other, versions in emulated:
        available = [row for row in other if "unavailable" not in row]
        if versions:
            known = (other[0]["platform"], len(versions), len(available))
            lines.append("Measured of %s, emulated: %d of %d releases." % known)
    sys.stdout.write("".join(map("{}\n".format, lines)))


def write(rows):
    """Write the lines of a platform's releases measured here into its file; return their versions.

    Other lines are kept, except those that don't match the stored observation or the table. Raise
    OSError if the file is none, or can't be read or written.
    """
    path = observation(rows[0]).parent / _NAME
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OSError("it is no regular file; remove it")
    current = [row for row in rows if ledger.is_current(row)]
    lines = _lines(path, rows)
    for row in current:
        lines.update(_lines(_noted(row), rows))
    kept = [lines[row["version"]] for row in rows if row["version"] in lines]
    if kept or path.exists():
        path.write_bytes((_HEAD + "".join(kept)).encode())
    return [row["version"] for row in current]


def summary(planned, measured):
    """Return how many of the planned releases were measured and which were not, as Markdown."""
    missing = [version for version in planned if version not in measured]
    text = "Measured: %d of %d releases." % (len(planned) - len(missing), len(planned))
    if missing:
        text += " **Open gap:** %s; what is shown of them was recorded before." % ", ".join(missing)
    return text


def _noted(row):
    return LEDGER / row["platform"] / (row["version"] + ".toml")


def _lines(path, rows):
    """Return {version: line} of a file, without lines that the report would refuse or ignore."""
    if not path.exists():
        return {}
    text = path.read_bytes().decode("utf-8-sig", "replace")
    found = [line for line in map(_LINE.fullmatch, text.splitlines()) if line]
    named = [line.group("version") for line in found]
    known = {row["version"]: row for row in rows}
    return {
        version: line.group() + "\n"
        for version, line in zip(named, found)
        if named.count(version) == 1 and version in known and _is_valid(line, known[version])
    }


def _is_valid(line, row):
    """Return whether a line has a day and a Python that its row allows, and the right digest."""
    day, last = line.group("day"), datetime.now(timezone.utc) + timedelta(days=1)
    return (
        row["cutoff"] <= day <= last.strftime("%Y-%m-%d")
        and table.fits("cutoff", day)
        and line.group("python") == row["python"]
        and line.group("digest") == _digest(row)
    )


def _digest(row):
    """Return the first digits of a stored observation's SHA-256, or None if there is no file."""
    path = observation(row)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGITS] if path.exists() else None


def _where(variables):
    run = variables.get("GITHUB_RUN_ID", "")
    return "GitHub Actions run %s" % run if re.fullmatch(r"\d{1,20}", run, re.ASCII) else "local"


def _python(environment):
    """Return the full version of an environment's Python, as recorded by uv."""
    text = (environment / "pyvenv.cfg").read_text(encoding="utf-8")
    found = re.search(r"^version_info = (\S+)$", text, re.MULTILINE)
    return found.group(1) if found else None


def _commit():
    """Return the commit checked out, with " with changes" if the probes differ, or None."""
    commit = _git("rev-parse", "--short=12", "HEAD")
    status = ("status", "--porcelain", "--untracked-files=all")
    changed = commit and _git(*status, "--", "probes", str(CONTRACT))
    return commit + " with changes" if changed else commit


def _git(*words):
    """Return git's output for the checkout, or None without git or a repository of its own.

    Neither a parent folder's repository nor one that GIT_DIR names (as in a hook) is asked.
    """
    if not (ROOT / ".git").exists():
        return None
    command = ("git", "--git-dir=%s" % (ROOT / ".git"), "--work-tree=%s" % ROOT, *words)
    variables = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    try:
        done = subprocess.run(command, check=False, cwd=str(ROOT), env=variables, **both)
    except OSError:
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None
