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

from probes.setup import interpreters as pythons
from probes.setup import ledger, table
from probes.setup.alone import alone, run
from probes.setup.places import FETCHED, LOCKS, NOX, OBSERVATIONS, PLATFORM, ROOT, SHARED, TABLE

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import TextIO

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.reuse_venv = "yes"
os.environ["NOX_ENABLE_STALENESS_CHECK"] = "1"  # that of another Python is made anew
nox.options.tags = ["milestone"]

CI = os.environ.get("CI", "") not in {"", "0", "false"}
FORCE, KEEP = FOR_PROBES = ("--force", "--keep")  # every session gets what follows `--`
# What an environment was made of stays beside it: an observation names that lock, and not the
# one that is in the checkout when it is written.
INSTALLED = "installed.txt"
# The report and the checks run on the Python that runs nox, or on the oldest that can.
MODERN = None if sys.version_info >= (3, 11) else "3.11"
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
# Releases 1.2 to 1.11 need packages that are built from source, and these build
# tools are the newest that their Python and the packages of their time both take.
BUILD_DATE = "2021-01-01"


def read_table() -> list[dict[str, Any]]:
    """Return the rows of the table of releases; exit with a sentence for each fault in it."""
    try:
        rows: list[dict[str, Any]] = nox.project.load_toml(TABLE)["releases"]
        faults = list(table.faults(rows))
    except KeyError:
        faults = ["`releases` is missing; restore the file with git"]
    except (OSError, ValueError) as error:
        faults = [f"it can't be read: {error}; mend it, or restore it with git"]
    if faults:
        sys.exit("\n".join(f"probes/releases.toml: {fault}" for fault in faults))
    return rows


AVAILABLE = [row for row in read_table() if "unavailable" not in row]
BY_VERSION = {row["version"]: row for row in AVAILABLE}
PYTHONS = list(dict.fromkeys(row["python"] for row in AVAILABLE))
# Where all is current, processes beside this one would cost more than what they do.
WAITING = [row for row in AVAILABLE if FORCE in sys.argv or not ledger.is_current(row)]
nox.options.parallel = max(1, min(4, os.cpu_count() or 1, len(WAITING)))
# Nobody asked for it, and every session that is not a probe would open with a warning of it.
logging.getLogger("nox").addFilter(lambda record: "ignoring --parallel" not in record.getMessage())
# To nox this is Ctrl-C: what ends nox alone ends what it runs as well.
signal.signal(signal.SIGTERM, signal.default_int_handler)


@nox.session(venv_backend="none", default=False)
def interpreters(session: nox.Session) -> None:
    """Look for every Python that the releases need; fetch what uv can; say what is missing."""
    missing = [python for python in PYTHONS if not _interpreter(session, python)]
    for python in missing:
        session.warn(pythons.how_to_get(python))
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
def probe(session: nox.Session, version: str) -> None:
    """Install one TensorFlow release and record what its initializers do."""
    row = BY_VERSION[version]
    environment = NOX / f"probe-{version}"
    with _alone(session, environment) as lock:
        if ledger.is_current(row) and FORCE not in session.posargs:
            session.log(f"{version}: the observation is current (measure again with -- {FORCE})")
            return
        before = ledger.fingerprint(row)
        try:
            _make_environment(session, lock, row, environment)
            _run(
                *(session, lock, environment / "bin/python", "-m", "probes"),
                *("--version", version, "--distribution", row["distribution"]),
                *("--python", row["python"]),
                *("--lock", environment / INSTALLED, "--out", OBSERVATIONS / f"{version}.json"),
            )
        finally:
            if KEEP not in session.posargs:
                shutil.rmtree(environment, ignore_errors=True)
        ledger.confirm(row, before)


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
    """Make an environment anew, of exactly what the lock of its release says, by hashes.

    Packages that others need too are copied out of a cache that stays: through a hard link an
    edit in one environment would be in the next. The rest has a cache that goes with it.
    """
    requirements = LOCKS / f"{row['version']}.txt"
    if not requirements.exists():
        session.error(f"{requirements} is missing: nox -s lock -- {row['version']}")
    interpreter = _interpreter(session, row["python"])
    if interpreter is None:
        # Where there is none for any release, a run that measured nothing is no success.
        fails = CI or pythons.missing(PYTHONS) == PYTHONS
        (session.error if fails else session.skip)(pythons.how_to_get(row["python"]))
    command = _fresh(session, lock, environment, interpreter)
    installed = shutil.copyfile(requirements, environment / INSTALLED)
    install: list[str | Path] = [
        *command,
        *("--no-deps", "--require-hashes", "-r", installed),
        *("--build-constraints", LOCKS / "build.txt"),
    ]
    shared = ("--cache-dir", SHARED, "--link-mode", "copy", "--excludes", LOCKS / "unshared.txt")
    _run(session, lock, *install, *shared)
    _run(session, lock, *install, "--cache-dir", environment / "cache", "--link-mode", "hardlink")


def _fresh(
    session: nox.Session, lock: TextIO, environment: Path, interpreter: str
) -> tuple[str | Path, ...]:
    """Make an empty environment, whatever was there; return the command that installs into it."""
    uv = _uv(session)
    shutil.rmtree(environment, ignore_errors=True)
    _run(session, lock, uv, "venv", "--quiet", "--python", interpreter, environment)
    return uv, "pip", "install", "--quiet", "--python", environment / "bin/python"


def _run(session: nox.Session, lock: TextIO, *command: str | Path) -> None:
    session.log(shlex.join(map(str, command)))
    code = run(lock, *command)
    if code:
        session.warn(f"{command[0]} ended with exit code {code}")
        raise nox.command.CommandFailed(return_code=code)


def _interpreter(session: nox.Session, python: str) -> str | None:
    """Return the path of an interpreter; let uv fetch it into .nox if it offers it and may."""
    allowed = os.environ.get("UV_PYTHON_DOWNLOADS") != "never"
    if not pythons.find(python) and pythons.uv_offers(python) and allowed:
        session.log(f"CPython {python} is not on this machine: uv fetches it into .nox")
        session.run(
            *(_uv(session), "python", "install", "--quiet", "--no-bin", python),
            *("--install-dir", str(FETCHED), "--cache-dir", str(SHARED)),
            env={"UV_HTTP_TIMEOUT": "10", "UV_HTTP_RETRIES": "0"},
            success_codes=range(256),
        )
    found: str | None = pythons.find(python)
    return found


def _uv(session: nox.Session) -> str:
    """Return the uv that nox found; end the session with a sentence where there is none."""
    if not nox.virtualenv.HAS_UV:
        session.error('uv is not on this machine: get it with `python -m pip install "nox[uv]"`')
    return nox.virtualenv.UV


@nox.session(venv_backend="none", default=False)
def lock(session: nox.Session) -> None:
    """Resolve each release as of its own date, with hashes (`-- 2.21.0` for one alone)."""
    unknown = [version for version in session.posargs if version not in BY_VERSION]
    if unknown:
        session.error(f"{', '.join(unknown)}: not in probes/releases.toml; add the row first")
    build = LOCKS / "build.txt"
    if not build.exists():
        tools = ["setuptools", "wheel"]
        _compile(session, build, tools, "-p", "3.6", "--exclude-newer", BUILD_DATE)
    for row in [BY_VERSION[version] for version in session.posargs] or AVAILABLE:
        wanted = [f"{row['distribution']}=={row['version']}", *row.get("beside", [])]
        # tf-keras asks for `tensorflow`, whose files are those of tensorflow-cpu
        unwanted = [] if row["distribution"] == "tensorflow" else ["tensorflow"]
        excludes = _lines_file(session, "excludes.txt", unwanted)
        _compile(
            *(session, LOCKS / f"{row['version']}.txt", wanted),
            *("-p", row["python"], "--exclude-newer", row["cutoff"]),
            *("--exclude-newer-package", f"setuptools={max(BUILD_DATE, row['cutoff'])}"),
            *("--exclude-newer-package", f"wheel={max(BUILD_DATE, row['cutoff'])}"),
            *("--build-constraints", str(build), "--excludes", excludes),
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
        unfinished.touch()
        session.install("--quiet", *anew, "--require-hashes", "-r", f"requirements/{group}.txt")
        unfinished.unlink()


@nox.session(python=MODERN, default=False)
def tests(session: nox.Session) -> None:
    """Run the tests, real TensorFlow and a real browser among them."""
    _install(session, "tests")
    session.run("python", "-m", "pytest", *session.posargs, env=_page_checkers(session))


@nox.session(python=MODERN, default=False)
def browser(session: nox.Session) -> None:
    """Run the tests that need a browser: what the pages do, and that everybody can use them."""
    _install(session, "tests")
    if not any(map(shutil.which, BROWSERS)):
        session.error("no browser found: install Chromium (on Debian: apt-get install chromium)")
    names = ("browser", "comparison", "validity")
    tests = [f"tests/test_{name}.py" for name in names]
    session.run("python", "-m", "pytest", *tests, *session.posargs, env=_page_checkers(session))


def _page_checkers(session: nox.Session) -> dict[str, str]:
    """Fetch what pages are checked with from npm; without npm those tests say why they skip."""
    if shutil.which("npm") is None:
        session.warn("npm is not on this machine: accessibility and HTML are not checked")
        return {}
    place = Path(session.create_tmp()) / "node"
    shutil.copytree(ROOT / "tests" / "node", place, dirs_exist_ok=True)
    session.run("npm", "ci", "--silent", "--prefix", str(place), external=True)
    modules = place.resolve() / "node_modules"
    return {
        "AXE_CORE": str(modules / "axe-core" / "axe.min.js"),
        "HTML_VALIDATE": str(modules / ".bin" / "html-validate"),
    }


@nox.session(python=MODERN, default=False)
def lint(session: nox.Session) -> None:
    """Check style, and that probes/ still runs on CPython 3.6."""
    _install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("vermin", "--target=3.6-", "--violations", "--no-tips", "probes")


@nox.session(python=MODERN, default=False)
def types(session: nox.Session) -> None:
    """Check the types of the report, the tests and this file."""
    _install(session, "types")
    session.run("mypy")


@nox.session(python=MODERN, default=False)
def explain(session: nox.Session) -> None:
    """Print the answer for one symbol (`-- tf.layers.conv2d`) from the observations."""
    _install(session, "report")
    session.run("python", "-m", "report.explain", *session.posargs)


@nox.session(python=MODERN, default=False)
def simulate(session: nox.Session) -> None:
    """Draw from every family and report how often the verdicts are wrong (5 minutes)."""
    _install(session, "simulate")
    session.run("python", "-m", "report.verdict.simulation.campaign", *session.posargs)


@nox.session(python=MODERN, default=False)
def fuzz(session: nox.Session) -> None:
    """Feed the loader 100,000 damaged observations: it may refuse them, never break."""
    _install(session, "tests")
    session.run("python", "-m", "tests.fuzz_load", *session.posargs)


@nox.session(python=MODERN, default=False)
def bench(session: nox.Session) -> None:
    """Measure five releases beside the floor and peers (needs 12 GB; `-- --all`: 36 GB, hours)."""
    _install(session, "bench")
    session.run("python", "-m", "benchmarks", *session.posargs, env={"PATH": pythons.search_path()})


@nox.session(python=MODERN, default=False)
def screenshots(session: nox.Session) -> None:
    """Take pictures of the main pages (wide, phone, dark, print) into screenshots/."""
    _install(session, "tests")
    session.run("python", "-m", "report.screenshots", "--site", "site", "--output", "screenshots")


@nox.session(venv_backend="none", tags=["all", *table.TAGS])
def report(session: nox.Session) -> None:
    """Write site/ from the observations: the matrix as HTML, Markdown and JSON."""
    environment = NOX / "report"
    with _alone(session, environment) as lock:
        install = _fresh(session, lock, environment, MODERN or sys.executable)
        _run(session, lock, *install, "--require-hashes", "-r", "requirements/report.txt")
        _run(
            *(session, lock, environment / "bin/python", "-m", "report", "--platform", PLATFORM),
            *(word for word in session.posargs if word not in FOR_PROBES),
            *("--measured", *(row["version"] for row in AVAILABLE if ledger.is_current(row))),
            *("--lacking", *map(pythons.how_to_get, pythons.missing(PYTHONS))),
        )
