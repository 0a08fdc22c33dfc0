"""Lock each release as of its cut-off date, on each platform that has it, and the other groups."""

from pathlib import Path

from probes.setup import interpreters
from probes.setup.places import LOCKS, PLATFORM, PROJECT, lock

BUILD = LOCKS / "build.txt"
BUILD_TOOLS = ["setuptools", "wheel"]
# Releases 1.2 to 1.11 need packages that are built from source. The build tools of
# this day are the newest that work with both their Python and these packages.
_BUILD_DATE = "2021-01-01"
BUILD_OPTIONS = ("-p", "3.6", "--exclude-newer", _BUILD_DATE)
_C_LIBRARY = "-manylinux_2_28"  # the newest that wheels of another platform may need
_NOT_BUILT = "h5py"  # needs a C library; not every version has a wheel for every platform
_ELSEWHERE = "%s is not locked for %s, see above: it may have no wheel there yet"
_NOT_LINUX = "%s is not locked here: run `nox -s lock` on a machine of that platform"
_GROUPS = ("report", "simulate", "tests", "lint", "types", "bench")


def write(session, uv, rows_on, known, failure):
    """Write the locks of the releases that the session names, or of all and of the other groups.

    ``rows_on`` has the rows of each platform, ``known`` the versions that can be locked, and
    ``failure`` is the exception that nox raises for a command that fails.
    """
    unknown = [version for version in session.posargs if version not in known]
    if unknown:
        session.error("%s: not in probes/releases.toml; add the row first" % ", ".join(unknown))
    if not BUILD.exists():
        _compile(session, uv, BUILD, BUILD_TOOLS, *BUILD_OPTIONS)
    rows = [row for name in _lockable(session, rows_on) for row in rows_on[name]]
    for row in (row for row in rows if "unavailable" not in row):
        if row["version"] in (session.posargs or known):
            option, requirement = on_tensorflow(row)
            file = _lines_file(session, "on_tensorflow.txt", [requirement])
            own = options(row, interpreters.find(row["python"]))
            try:
                _compile(session, uv, lock(row), wanted(row), *own, option, file)
            except failure:
                if row["platform"] == PLATFORM:
                    raise
                session.warn(_ELSEWHERE % (row["version"], row["platform"]))
    for group in () if session.posargs else _GROUPS:
        session.run_install(
            *(uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
            *("--generate-hashes", "--no-header", "--no-annotate", "--upgrade"),
            *("--group", group, "--output-file", "requirements/%s.txt" % group),
        )


def _lockable(session, names):
    """Return those of the platforms that can be locked here, and warn of the others."""
    lockable = [name for name in names if name == PLATFORM or name.startswith("linux-")]
    for name in sorted(set(names) - set(lockable)):
        session.warn(_NOT_LINUX % name)
    return lockable


def _compile(session, uv, target, requirements, *more):
    """Compile one lock file with the hash of every file that may be installed."""
    target.parent.mkdir(exist_ok=True)
    session.run_install(
        *(uv, "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--upgrade"),
        *("--generate-hashes", "--output-file", str(target), *more),
        _lines_file(session, "wanted.in", requirements),
    )


def _lines_file(session, name, lines):
    path = Path(session.create_tmp()) / name
    path.write_text("".join(map("{}\n".format, lines)), encoding="utf-8")
    return str(path)


def wanted(row):
    """Return the requirements of a release."""
    return ["%s==%s" % (row["distribution"], row["version"]), *row.get("beside", [])]


def on_tensorflow(row):
    """Return uv's option, and its line, by which no other package selects a TensorFlow.

    tf-keras requires `tensorflow` of its own series: its files are those of tensorflow-cpu, and
    the tf-keras beside a release candidate may be of the series before.
    """
    if row["distribution"] == "tensorflow":
        return "--overrides", "tensorflow==%s" % row["version"]
    return "--excludes", "tensorflow"


def options(row, interpreter):
    """Return uv's options to resolve a release as of its cut-off date.

    ``interpreter`` builds packages that have no static metadata; if it is None, uv may pick another
    version from PATH, with which old packages don't build.
    """
    tools = ["%s=%s" % (tool, max(_BUILD_DATE, row["cutoff"])) for tool in BUILD_TOOLS]
    dated = [word for tool in tools for word in ("--exclude-newer-package", tool)]
    own = ["-p", interpreter or row["python"], "--exclude-newer", row["cutoff"]]
    if row["platform"] != PLATFORM:
        own += ["--python-platform", row["platform"].partition("-")[2] + _C_LIBRARY]
    if row["platform"] != PROJECT:
        own += ["--only-binary", _NOT_BUILT]
    return [*own, *dated, "--build-constraints", str(BUILD)]
