"""The sessions of the project: `nox -l` lists them; plain `nox` measures and reports milestones."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from subprocess import CalledProcessError
from typing import TYPE_CHECKING, Any

import nox
import nox.command

sys.path.insert(0, str(Path(__file__).parent))  # nox does not add it

from probes.catalogue import NETWORK
from probes.setup import checkers, environments, installing, ledger, locks, settings, switches
from probes.setup import confirm as confirmation
from probes.setup import discover as discovery
from probes.setup import elsewhere as emulated
from probes.setup import interpreters as pythons
from probes.setup import table as releases
from probes.setup.places import PLATFORM, PROBES, observation
from probes.setup.places import lock as lock_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REMOVED = settings.apply(os.environ)  # nox itself runs uv before any session
SWITCHES = switches.read(sys.argv[1:])
if REFUSED := "\n".join(switches.faults(SWITCHES)):
    sys.exit(REFUSED)
nox.needs_version = ">=2026.10.20"
nox.options.tags = ["milestone"]

CI = os.environ.get("CI", "") not in {"", "0", "false"}
FORCE, KEEP = FOR_PROBES = ("--force", "--keep")  # nox passes posargs to every session
# The Python of the report and the checks: the one that runs nox (None), unless it is too old.
MODERN = None if sys.version_info >= (3, 11) else "3.11"
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
SPREAD = ["-n", "auto", "--dist=loadfile", "--no-loadscope-reorder"]  # `-- -n 0`: one after another
ROWS, PLATFORMS, FAULTS = releases.read(nox.project.load_toml)
if FAULTS:
    sys.exit("\n".join(f"probes/releases.toml: {fault}" for fault in FAULTS))
ROWS_ON = {name: releases.rows_on(name, ROWS, PLATFORMS) for name in {PLATFORM: 1, **PLATFORMS}}
AVAILABLE = [row for row in ROWS_ON[PLATFORM] if "unavailable" not in row]
BY_VERSION = {row["version"]: row for row in AVAILABLE}
PYTHONS = list(dict.fromkeys(row["python"] for row in AVAILABLE))
# Run in parallel only if something is to be measured, as starting processes takes longer than
# finding nothing to do, and only if they find nox without the PYTHONPATH that was removed.
WAITING = [row for row in AVAILABLE if FORCE in sys.argv or not ledger.is_current(row)]
ALONE = settings.held(REMOVED, nox.__file__)
nox.options.parallel = max(1, min(1 if ALONE else 4, os.cpu_count() or 1, len(WAITING)))
# The user didn't ask for parallel sessions, so don't warn in each session that allows none.
logging.getLogger("nox").addFilter(lambda record: "ignoring --parallel" not in record.getMessage())
# Treat SIGTERM like Ctrl-C, so that nox also terminates the processes that it started.
signal.signal(signal.SIGTERM, signal.default_int_handler)

WORKFLOWS = " ".join(map(str, sorted(Path(".github", "workflows").glob("*.yml"))))
GITHUB = [
    ("vendor.github-workflows", WORKFLOWS),
    ("custom.github-workflows-require-timeout", WORKFLOWS),
    ("vendor.dependabot", ".github/dependabot.yml"),
]

# Sessions that only run commands: name, dependency group, description, commands.
# -B: write no bytecode into the folders of a shared interpreter.
TOOLS = [
    (
        *("lint", "lint"),
        "Check style, imports, workflows, and that probes/ still runs on CPython 3.6.",
        *("ruff check", "ruff format --check", "lint-imports --no-cache"),
        "vermin --target=3.6- --violations --no-tips probes",
        "zizmor --quiet --offline .github",
        *(f"check-jsonschema --builtin-schema {schema} {files}" for schema, files in GITHUB),
    ),
    ("types", "types", "Check the types of the report, the tests and this file.", "mypy"),
    (
        *("explain", "report"),
        "Print all evidence of one symbol (`-- tf.layers.conv2d`) from the observations.",
        "python -B -m report explain {posargs}",
    ),
    (
        *("against", "report"),
        "Compare the observations with those of a git revision (`-- HEAD~1`), as Markdown.",
        "python -B -m report against {posargs}",
    ),
    (
        *("simulate", "simulate"),
        "Draw from every family and report how often the verdicts are wrong (5 minutes).",
        "python -m benchmarks.accuracy {posargs}",
    ),
    (
        *("fuzz", "tests"),
        "Feed 100,000 damaged observations to the loader, which may refuse them but not crash.",
        "python -m tests.support.fuzz_load {posargs}",
    ),
    (
        *("screenshots", "tests"),
        "Write screenshots of the main pages (wide, phone, dark, print) to screenshots/.",
        "python -m tests.support.screenshots",
    ),
]


def _uv(session: nox.Session) -> str:
    """Return the uv that nox found; fail the session if it is missing, broken or too old."""
    fault = installing.uv_fault(nox.virtualenv.HAS_UV, nox.virtualenv.UV_VERSION.release)
    if fault:
        session.error(fault)
    return nox.virtualenv.UV


@nox.session(venv_backend="none", default=False)
def interpreters(session: nox.Session) -> None:
    """Find every Python that the releases need; install what uv can; report what is missing."""
    missing = [python for python in PYTHONS if not pythons.get(session, _uv, python)]
    for python in missing:
        needing = [row["version"] for row in AVAILABLE if row["python"] == python]
        session.warn(f"{pythons.why_missing(python)}; it is needed for {', '.join(needing)}")
    if missing and (CI or missing == PYTHONS):
        session.error(f"{len(missing)} of {len(PYTHONS)} interpreters are missing")


@nox.session(venv_backend="none", default=False)
def lock(session: nox.Session) -> None:
    """Lock each release as of its own date, with hashes (`-- 2.21.0` for only one)."""
    locks.write(session, _uv(session), ROWS_ON, BY_VERSION, nox.command.CommandFailed)


@contextmanager
def _environment(session: nox.Session, name: str) -> Iterator[Any]:
    """Yield the environment ``name``, locked; a command that fails in it fails the session."""
    try:
        with environments.held(session, name) as environment:
            yield environment
    except CalledProcessError as error:
        raise nox.command.CommandFailed(return_code=error.returncode) from error


@contextmanager
def _packages(session: nox.Session, group: str) -> Iterator[Callable[..., None]]:
    """Install a dependency group; yield a function that runs a program in its environment."""
    with _environment(session, session.name) as environment:
        environment.install_group(_uv(session), MODERN or sys.executable, group)
        yield (lambda *_, **__: None) if SWITCHES.install_only else environment.run_own


def _pytest(session: nox.Session, *tests: str) -> None:
    with _packages(session, "tests") as run:
        found = checkers.fetch(session)
        scratch = str(Path(session.create_tmp()).resolve())
        run("python", "-m", "pytest", *SPREAD, *tests, *session.posargs, TMPDIR=scratch, **found)


@nox.session(venv_backend="none", default=False)
def tests(session: nox.Session) -> None:
    """Run all tests, including those with real TensorFlow and a real browser."""
    _pytest(session)


@nox.session(venv_backend="none", default=False)
def browser(session: nox.Session) -> None:
    """Run the tests that need a browser: behaviour and accessibility of the pages."""
    if not any(map(shutil.which, BROWSERS)):
        session.error("no browser found: install Chromium (on Debian: apt-get install chromium)")
    _pytest(session, "-m", "browser")


def _commands(name: str, group: str, description: str, *commands: str) -> None:
    """Define a session that only runs commands."""

    def tool(session: nox.Session) -> None:
        with _packages(session, group) as run:
            for command in commands:
                words, takes_more, _ = command.partition(" {posargs}")
                run(*words.split(), *(session.posargs if takes_more else ()))

    tool.__doc__ = description
    nox.session(name=name, venv_backend="none", default=False)(tool)


for tool in TOOLS:
    _commands(*tool)


@nox.session(venv_backend="none", default=False)
def bench(session: nox.Session) -> None:
    """Benchmark five releases, bare installs and peers (needs 12 GB; `-- --all`: 36 GB, hours)."""
    with _packages(session, "bench") as run:
        run("python", "-m", "benchmarks", *session.posargs, PATH=pythons.search_path())


def _interpreter(session: nox.Session, python: str) -> str:
    """Return the path of a release's interpreter; skip or fail the session if it is missing."""
    if not pythons.get(session, _uv, python):
        # Without any interpreter nothing is measured, which must not look like success.
        fails = CI or pythons.missing(PYTHONS) == PYTHONS
        (session.error if fails else session.skip)(pythons.why_missing(python))
    return str(pythons.find(python))


@nox.session(venv_backend="none", allow_parallel=True)
@nox.parametrize(
    "python,version",
    [
        nox.param(row["python"], row["version"], id=row["version"], tags=["all", *row["tags"]])
        for row in AVAILABLE
    ],
)
def probe(session: nox.Session, version: str, **_: str) -> None:
    """Install one TensorFlow release and record what its initializers do."""
    row = BY_VERSION[version]
    if session.python != row["python"]:
        needed = f"{version} is measured on CPython {row['python']} alone"
        session.error(f"{needed}: leave out --force-python and unset NOXFORCEPYTHON")
    with _environment(session, f"probe-{version}") as environment:
        current = ledger.is_current(row) and not SWITCHES.install_only
        if current and FORCE not in session.posargs:
            session.log(f"{version}: the observation is current (measure again with -- {FORCE})")
            return
        before, written = ledger.fingerprint(row), ledger.stamp(observation(row))
        try:
            if not lock_file(row).exists():
                session.error(f"{lock_file(row)} is missing: nox -s lock -- {version}")
            interpreter = _interpreter(session, row["python"])
            environment.install_release(_uv(session), interpreter, row)
            if SWITCHES.install_only:
                session.log(f"{environment.folder} is installed and stays; nothing was measured")
                return
            environment.run(
                *(environment.python, *PROBES, "--version", version),
                *("--distribution", row["distribution"], "--python", row["python"]),
                *("--lock", environment.installed, "--out", observation(row)),
            )
            if ledger.stamp(observation(row)) == written:
                session.error(f"{version}: the probe ended and wrote nothing: run it again")
            ledger.confirm(row, before)
            confirmation.note(row, environment.folder)
        finally:
            if KEEP not in session.posargs and not SWITCHES.install_only:
                environment.remove()


@nox.session(venv_backend="none", default=False)
def elsewhere(session: nox.Session) -> None:
    """Measure and compare on another processor (`-- 2.21.0 --cpu Haswell`) or `--platform`."""
    try:
        asked = emulated.read(session.posargs, ROWS_ON, NETWORK)
        for row in asked.rows:
            with _environment(session, emulated.name(asked, row)) as environment:
                emulated.measure(session, environment, _uv, row, asked)
    except emulated.EmulationError as error:
        session.error(str(error))
    with _packages(session, "report") as run:
        versions = [row["version"] for row in asked.rows]
        run("python", "-B", "-m", "report", "elsewhere", str(emulated.folder(asked)), *versions)


@nox.session(venv_backend="none", default=False)
def confirm(session: nox.Session) -> None:
    """Record in confirmed.toml what was measured here (`-- milestone`: only these)."""
    confirmation.enter(
        session, AVAILABLE, (ROWS_ON[name] for name in PLATFORMS if name != PLATFORM)
    )


@nox.session(venv_backend="none", default=False)
def discover(session: nox.Session) -> None:
    """Add releases that are newer than the table: row, lock, observation, README and picture."""
    discovery.add(session, _uv(session), ROWS, PLATFORMS, nox.project.load_toml)


# Defined last, so that it runs last, even if sessions before it failed.
@nox.session(venv_backend="none", tags=["all", *releases.TAGS])
def report(session: nox.Session) -> None:
    """Write site/ from the observations: the matrix as HTML, Markdown and JSON."""
    with _packages(session, "report") as run:
        run(
            *("python", "-B", "-m", "report", "site", "--platform", PLATFORM),
            *(word for word in session.posargs if word not in FOR_PROBES),
            *("--measured", *(row["version"] for row in AVAILABLE if ledger.is_current(row))),
            *("--lacking", *map(pythons.how_to_get, pythons.missing(PYTHONS))),
        )
