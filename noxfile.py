"""The command line of the project: `nox -l` lists it, plain `nox` does the main job."""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nox
import nox.command

sys.path.insert(0, str(Path(__file__).parent))  # which nox leaves out

from probes.setup import checkers, installing, ledger, locks, settings, switches, table
from probes.setup import interpreters as pythons
from probes.setup.alone import alone, run
from probes.setup.places import LOCKS, NOX, OBSERVATIONS, PLATFORM

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from typing import TextIO

REMOVED = settings.apply(os.environ)  # nox itself runs uv before any session
SWITCHES = switches.read(sys.argv[1:])
if REFUSED := "\n".join(switches.faults(SWITCHES)):
    sys.exit(REFUSED)
nox.needs_version = ">=2026.10.20"
nox.options.reuse_venv = "yes"
os.environ["NOX_ENABLE_STALENESS_CHECK"] = "1"  # that of another Python is made anew
nox.options.tags = ["milestone"]

CI = os.environ.get("CI", "") not in {"", "0", "false"}
FORCE, KEEP = FOR_PROBES = ("--force", "--keep")  # every session gets what follows `--`
# What an environment was made of stays beside it: an observation names that lock, and not the
# one that is in the checkout when it is written.
INSTALLED = "installed.txt"
# With -B no compiled file is written where an interpreter is kept that others use.
# The report and the checks run on the Python that runs nox, or on the oldest that can.
MODERN = None if sys.version_info >= (3, 11) else "3.11"
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
ROWS, FAULTS = table.read(nox.project.load_toml)
if FAULTS:
    sys.exit("\n".join(f"probes/releases.toml: {fault}" for fault in FAULTS))
AVAILABLE = [row for row in ROWS if "unavailable" not in row]
BY_VERSION = {row["version"]: row for row in AVAILABLE}
PYTHONS = list(dict.fromkeys(row["python"] for row in AVAILABLE))
# Where all is current, processes beside this one would cost more than what they do; and where
# PYTHONPATH leads to nox they would not find it.
WAITING = [row for row in AVAILABLE if FORCE in sys.argv or not ledger.is_current(row)]
ALONE = settings.held(REMOVED, nox.__file__)
nox.options.parallel = max(1, min(1 if ALONE else 4, os.cpu_count() or 1, len(WAITING)))
# Nobody asked for it, and every session that is not a probe would open with a warning of it.
logging.getLogger("nox").addFilter(lambda record: "ignoring --parallel" not in record.getMessage())
# To nox this is Ctrl-C: what ends nox alone ends what it runs as well.
signal.signal(signal.SIGTERM, signal.default_int_handler)


@nox.session(venv_backend="none", default=False)
def interpreters(session: nox.Session) -> None:
    """Look for every Python that the releases need; fetch what uv can; say what is missing."""
    missing = [python for python in PYTHONS if not pythons.get(session, _uv, python)]
    for python in missing:
        needing = [row["version"] for row in AVAILABLE if row["python"] == python]
        session.warn(f"{pythons.why_missing(python)}; it is needed for {', '.join(needing)}")
    if missing and (CI or missing == PYTHONS):
        session.error(f"{len(missing)} of {len(PYTHONS)} interpreters are missing")


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
    environment = NOX / f"probe-{version}"
    with _alone(session, environment) as lock:
        current = ledger.is_current(row) and not SWITCHES.install_only
        if current and FORCE not in session.posargs:
            session.log(f"{version}: the observation is current (measure again with -- {FORCE})")
            return
        before = ledger.fingerprint(row)
        try:
            _make_environment(session, lock, row, environment)
            if SWITCHES.install_only:
                session.log(f"{environment} is installed and stays; nothing was measured")
                return
            _run(
                *(session, lock, environment / "bin/python", "-B", "-m", "probes"),
                *("--version", version, "--distribution", row["distribution"]),
                *("--python", row["python"]),
                *("--lock", environment / INSTALLED, "--out", OBSERVATIONS / f"{version}.json"),
            )
            ledger.confirm(row, before)
        finally:
            if KEEP not in session.posargs and not SWITCHES.install_only:
                shutil.rmtree(environment, ignore_errors=True)


def _alone(session: nox.Session, environment: Path) -> AbstractContextManager[TextIO]:
    """Return the lock of an environment, to be taken before anything is made or cleared."""
    busy = f"another nox uses .nox/{environment.name}; this one waits until that has ended"
    held: AbstractContextManager[TextIO] = alone(
        environment.with_name(f"{environment.name}.lock"), lambda: session.warn(busy)
    )
    return held


def _make_environment(
    session: nox.Session, lock: TextIO, row: dict[str, Any], environment: Path
) -> None:
    """Make an environment anew, of exactly what the lock of its release says."""
    requirements = LOCKS / f"{row['version']}.txt"
    if not requirements.exists():
        session.error(f"{requirements} is missing: nox -s lock -- {row['version']}")
    interpreter = pythons.get(session, _uv, row["python"])
    if interpreter is None:
        # Where there is none for any release, a run that measured nothing is no success.
        fails = CI or pythons.missing(PYTHONS) == PYTHONS
        (session.error if fails else session.skip)(pythons.why_missing(row["python"]))
    install = _fresh(session, lock, environment, interpreter)
    installed = shutil.copyfile(requirements, environment / INSTALLED)
    for command in installing.of_a_release(install, installed, environment):
        _run_install(session, lock, environment, *command)


def _fresh(
    session: nox.Session, lock: TextIO, environment: Path, interpreter: str
) -> tuple[str | Path, ...]:
    """Make an empty environment, whatever was there; return the command that installs into it."""
    uv = _uv(session)
    shutil.rmtree(environment, ignore_errors=True)
    _run(session, lock, uv, "venv", "--quiet", "--python", interpreter, environment)
    return uv, "pip", "install", "--quiet", "--python", environment / "bin/python"


def _run_install(
    session: nox.Session, lock: TextIO, environment: Path, *command: str | Path
) -> None:
    """Run a command of uv's that installs; say what may help where it fails."""
    try:
        _run(session, lock, *command, **settings.own_home(environment))
    except nox.command.CommandFailed:
        _advise(session, *command)
        raise


def _advise(session: nox.Session, *command: str | Path) -> None:
    for sentence in installing.advice(command):
        session.warn(sentence)


def _run(session: nox.Session, lock: TextIO, *command: str | Path, **variables: str) -> None:
    session.log(shlex.join(map(str, command)))
    code = run(lock, *command, **variables)
    if code:
        session.warn(f"{command[0]} ended with exit code {code}")
        raise nox.command.CommandFailed(return_code=code)


def _uv(session: nox.Session) -> str:
    """Return the uv that nox found; end the session with a sentence where it won't do."""
    fault = installing.uv_fault(nox.virtualenv.HAS_UV, nox.virtualenv.UV_VERSION.release)
    if fault:
        session.error(fault)
    return nox.virtualenv.UV


@nox.session(venv_backend="none", default=False)
def lock(session: nox.Session) -> None:
    """Resolve each release as of its own date, with hashes (`-- 2.21.0` for one alone)."""
    unknown = [version for version in session.posargs if version not in BY_VERSION]
    if unknown:
        session.error(f"{', '.join(unknown)}: not in probes/releases.toml; add the row first")
    if not locks.BUILD.exists():
        _compile(session, locks.BUILD, locks.BUILD_TOOLS, *locks.BUILD_OPTIONS)
    for row in [BY_VERSION[version] for version in session.posargs] or AVAILABLE:
        excludes = _lines_file(session, "excludes.txt", locks.excluded(row))
        _compile(
            *(session, LOCKS / f"{row['version']}.txt", locks.wanted(row)),
            *(*locks.options(row, pythons.find(row["python"])), "--excludes", excludes),
        )
    if not session.posargs:
        for group in ("report", "simulate", "tests", "lint", "types", "bench"):
            session.run_install(
                *(_uv(session), "pip", "compile", "--quiet", "--universal"),
                *("--python-version", "3.11"),
                *("--generate-hashes", "--no-header", "--no-annotate", "--upgrade"),
                *("--group", group, "--output-file", f"requirements/{group}.txt"),
            )


def _compile(session: nox.Session, target: Path, wanted: list[str], *options: str) -> None:
    """Write one requirements file with the hash of every file that may be installed."""
    session.run_install(
        *(_uv(session), "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--upgrade"),
        *("--generate-hashes", "--output-file", str(target), *options),
        _lines_file(session, "wanted.in", wanted),
    )


def _lines_file(session: nox.Session, name: str, lines: list[str]) -> str:
    path = Path(session.create_tmp()) / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def _install(session: nox.Session, group: str) -> None:
    """Install the packages of a group, all of them anew if that was interrupted last time."""
    unfinished = session.env_dir / "unfinished"
    with _alone(session, session.env_dir):
        anew = ["--force-reinstall"] if unfinished.exists() else []
        if anew and SWITCHES.no_install:
            session.error("an installation was interrupted here: run it without -R, --no-install")
        wanted = [*anew, "--require-hashes", "-r", f"requirements/{group}.txt"]
        unfinished.touch()
        try:
            session.install("--quiet", *wanted)
        except nox.command.CommandFailed:
            if session.venv_backend == "uv":
                python = f"--python={session.env_dir}/bin/python"
                _advise(session, nox.virtualenv.UV, "pip", "install", python, *wanted)
            raise
        unfinished.unlink()


def _tool(function: Callable[[nox.Session], None]) -> object:
    """Make a function a session in an environment of its own, whatever backend nox defaults to."""
    return nox.session(
        python=MODERN, default=False, venv_backend="uv|virtualenv", download_python="never"
    )(function)


@_tool
def tests(session: nox.Session) -> None:
    """Run the tests, real TensorFlow and a real browser among them."""
    _install(session, "tests")
    session.run("python", "-m", "pytest", *session.posargs, env=checkers.fetch(session))


@_tool
def browser(session: nox.Session) -> None:
    """Run the tests that need a browser: what the pages do, and that everybody can use them."""
    _install(session, "tests")
    if not any(map(shutil.which, BROWSERS)):
        session.error("no browser found: install Chromium (on Debian: apt-get install chromium)")
    names = ("browser", "comparison", "validity")
    tests = [f"tests/test_{name}.py" for name in names]
    session.run("python", "-m", "pytest", *tests, *session.posargs, env=checkers.fetch(session))


@_tool
def lint(session: nox.Session) -> None:
    """Check style, the direction of imports, and that probes/ still runs on CPython 3.6."""
    _install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports", "--no-cache")
    session.run("vermin", "--target=3.6-", "--violations", "--no-tips", "probes")


@_tool
def types(session: nox.Session) -> None:
    """Check the types of the report, the tests and this file."""
    _install(session, "types")
    session.run("mypy")


@_tool
def explain(session: nox.Session) -> None:
    """Print the answer for one symbol (`-- tf.layers.conv2d`) from the observations."""
    _install(session, "report")
    session.run("python", "-B", "-m", "report", "explain", *session.posargs)


@_tool
def simulate(session: nox.Session) -> None:
    """Draw from every family and report how often the verdicts are wrong (5 minutes)."""
    _install(session, "simulate")
    session.run("python", "-m", "report.verdict.simulation.campaign", *session.posargs)


@_tool
def fuzz(session: nox.Session) -> None:
    """Feed the loader 100,000 damaged observations: it may refuse them, never break."""
    _install(session, "tests")
    session.run("python", "-m", "tests.fuzz_load", *session.posargs)


@_tool
def bench(session: nox.Session) -> None:
    """Measure five releases beside the floor and peers (needs 12 GB; `-- --all`: 36 GB, hours)."""
    _install(session, "bench")
    session.run("python", "-m", "benchmarks", *session.posargs, env={"PATH": pythons.search_path()})


@_tool
def screenshots(session: nox.Session) -> None:
    """Take pictures of the main pages (wide, phone, dark, print) into screenshots/."""
    _install(session, "tests")
    session.run("python", "-m", "tests.support.screenshots")


@nox.session(venv_backend="none", tags=["all", *table.TAGS])
def report(session: nox.Session) -> None:
    """Write site/ from the observations: the matrix as HTML, Markdown and JSON."""
    environment = NOX / "report"
    with _alone(session, environment) as lock:
        install = _fresh(session, lock, environment, MODERN or sys.executable)
        wanted = ("--require-hashes", "-r", "requirements/report.txt")
        _run_install(session, lock, environment, *install, *wanted)
        if SWITCHES.install_only:
            return
        _run(
            *(session, lock, environment / "bin/python", "-B", "-m", "report", "site"),
            *("--platform", PLATFORM),
            *(word for word in session.posargs if word not in FOR_PROBES),
            *("--measured", *(row["version"] for row in AVAILABLE if ledger.is_current(row))),
            *("--lacking", *map(pythons.how_to_get, pythons.missing(PYTHONS))),
        )
