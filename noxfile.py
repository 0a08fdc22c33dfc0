"""The command line of the project: `nox -l` lists it, plain `nox` does the main job."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TextIO

import nox

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"  # the session `interpreters` does it, once for each
nox.options.reuse_venv = "yes"
nox.options.tags = ["milestone"]

ROOT = Path(__file__).parent
CI = os.environ.get("CI", "") not in {"", "0", "false"}
PLATFORM = f"{platform.system().lower()}-{platform.machine().lower()}"
RELEASES: list[dict[str, Any]] = nox.project.load_toml(ROOT / "probes/releases.toml")["releases"]
AVAILABLE = [row for row in RELEASES if "unavailable" not in row]
BY_VERSION = {row["version"]: row for row in RELEASES}
PYTHONS = list(dict.fromkeys(row["python"] for row in AVAILABLE))
LOCKS = ROOT / "probes/locks"
OBSERVATIONS = ROOT / "observations" / PLATFORM
LEDGER = ROOT / ".nox" / "measured" / PLATFORM
RETIRED, DRAINED = ROOT / ".nox" / "retired", ROOT / ".nox" / "drained"
BURIED_AT_ONCE = 8
SHARED = ROOT / ".nox" / "shared"  # packages that several releases need; not the user's cache
# Large, and of another version in nearly every release: to keep these would not pay.
UNSHARED = [
    *("tensorflow", "tensorflow-cpu", "keras", "tf-keras", "tensorboard"),
    *("numpy", "scipy", "h5py", "ml-dtypes", "grpcio", "protobuf"),
]
FOR_PROBES = ("--force", "--keep")  # nox gives what follows `--` to every session
SMALL = 16_384  # bytes; files up to this size are a twentieth of an environment
# The report and the checks run on the Python that runs nox, or on the oldest that can.
MODERN = None if sys.version_info >= (3, 11) else "3.11"
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
SETS = ["all", "milestone", "tf1", "tf2", "keras3"]


def interpreter_folders() -> list[str]:
    """Return the folders where pyenv and uv keep interpreters that PATH may not show."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or "~/.pyenv").expanduser()
    data = Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser()
    store = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv/python")
    kept = sorted(pyenv.glob("versions/*/bin")) + sorted(store.glob("cpython-*/bin"))
    return [str(folder) for folder in kept]


def missing_interpreters() -> list[str]:
    """Return the Python versions of the table that this machine does not have."""
    folders = [
        folder
        for folder in os.environ["PATH"].split(os.pathsep) + interpreter_folders()
        if not folder.rstrip("/").endswith("shims")  # a shim answers to versions it lacks
    ]
    path = os.pathsep.join(folders)
    return [python for python in PYTHONS if not shutil.which(f"python{python}", path=path)]


def how_to_get(python: str) -> str:
    """Return the sentence that helps a user who lacks one interpreter."""
    uv = "" if python in {"3.6", "3.7"} else f" or `uv python install {python}`"
    return f"CPython {python} is not on this machine: get it with `pyenv install {python}`{uv}"


def is_current(version: str) -> bool:
    """Tell whether a release was measured here, by the same probes, with what is stored."""
    observation = OBSERVATIONS / f"{version}.json"
    return _measured(version) == [_fingerprint(BY_VERSION[version]), _digest(observation)]


def _measured(version: str) -> list[str]:
    """Return what the ledger of this machine says of a release: fingerprint, observation."""
    entry = LEDGER / f"{version}.json"
    return json.loads(entry.read_text(encoding="utf-8")) if entry.exists() else []


def _fingerprint(row: dict[str, Any]) -> str:
    """Return the hash of all that an observation depends on."""
    parts = [PLATFORM, row["python"], _probes(), _digest(LOCKS / f"{row['version']}.txt")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _probes() -> str:
    return "\n".join(map(_digest, sorted((ROOT / "probes").glob("*.py"))))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


# Nox looks for interpreters on PATH alone; at its end these harm nobody.
os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *interpreter_folders()])
# What is current needs no environment, and no process beside this one. Which sessions run,
# and with what arguments, nox tells only later.
FORCE = "--force" in sys.argv
CURRENT = {row["version"] for row in AVAILABLE if not FORCE and is_current(row["version"])}
nox.options.parallel = max(1, min(4, os.cpu_count() or 1, len(AVAILABLE) - len(CURRENT)))


@nox.session(venv_backend="none", tags=SETS)
def interpreters(session: nox.Session) -> None:
    """Look for every Python that the releases need; fetch what uv can; say what is missing."""
    _bury()  # of a run that did not come to its report
    for python in missing_interpreters():
        if python not in {"3.6", "3.7"} and os.environ.get("UV_PYTHON_DOWNLOADS") != "never":
            session.run(
                *("uv", "python", "install", "--quiet", python),
                external=True,
                success_codes=[0, 1, 2],
                env={"UV_HTTP_TIMEOUT": "10", "UV_HTTP_RETRIES": "0"},
            )
    missing = missing_interpreters()
    for python in missing:
        session.warn(how_to_get(python))
    if missing and (CI or missing == PYTHONS):
        session.error(f"{len(missing)} of {len(PYTHONS)} interpreters are missing")


@nox.session(requires=["interpreters"], allow_parallel=True)
@nox.parametrize(
    "python,version",
    [
        nox.param(
            row["python"] if row["version"] not in CURRENT else False,
            row["version"],
            id=row["version"],
            tags=["all", *row["tags"]],
        )
        for row in AVAILABLE
    ],
)
def probe(session: nox.Session, version: str) -> None:
    """Install one TensorFlow release and record what its initializers do."""
    if version in CURRENT:
        session.log(f"{version}: the observation is current (measure again with -- --force)")
        return
    with _turn(session, version):
        _probe(session, version)


def _turn(session: nox.Session, version: str) -> TextIO:
    """Return the lock of a release, held until it is closed; wait where another nox has it."""
    LEDGER.mkdir(parents=True, exist_ok=True)
    held = (LEDGER / f"{version}.lock").open("w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        session.warn(f"{version}: another nox measures it; this one waits until that has ended")
        fcntl.flock(held, fcntl.LOCK_EX)
        session.virtualenv.create()  # the other may have removed it
    return held


def _probe(session: nox.Session, version: str) -> None:
    row = BY_VERSION[version]
    observation = OBSERVATIONS / f"{version}.json"
    fingerprint = _fingerprint(row)
    if not FORCE and is_current(version):
        session.log(f"{version}: the observation is current: another nox has just measured it")
        return
    with ThreadPoolExecutor() as beside:
        drained = beside.submit(_drain)
        _install_release(session, row)
        drained.result()
    session.run(
        *("python", "-m", "probes", "--version", version, "--out", str(observation)),
        *("--distribution", row["distribution"], "--lock", str(LOCKS / f"{version}.txt")),
        env={"PYTHONPATH": None, "PYTHONSTARTUP": None},
    )
    entry = json.dumps([fingerprint, _digest(observation)])
    (LEDGER / f"{version}.json").write_text(entry, encoding="utf-8")
    if "--keep" not in session.posargs:
        _retire(Path(session.virtualenv.location))


def _retire(environment: Path) -> None:
    """Leave the environment of a release that was measured to whoever comes next."""
    RETIRED.mkdir(exist_ok=True)
    environment.rename(RETIRED / f"{environment.name}-{os.getpid()}")


def _drain() -> None:
    """Free the space of retired environments, and leave their small files to the report.

    Where many files were removed a moment ago, some file systems (ext4 without a journal)
    take four times as long to make new ones, and the next release waits for that.
    """
    DRAINED.mkdir(exist_ok=True)
    for retired in RETIRED.glob("*"):
        with suppress(FileNotFoundError):  # another session has taken it, or it is removed
            environment = retired.rename(DRAINED / retired.name)
            for folder, _, names in os.walk(environment):
                for path in (os.path.join(folder, name) for name in names):  # noqa: PTH118 - many
                    found = os.lstat(path)
                    alone = stat.S_ISREG(found.st_mode) and found.st_nlink == 1
                    if alone and found.st_size > SMALL:
                        os.truncate(path, 0)


def _bury() -> None:
    """Remove what is left of environments, several at once: the disk is what it waits for."""
    with ThreadPoolExecutor(BURIED_AT_ONCE) as pool:
        for environment in (*RETIRED.glob("*"), *DRAINED.glob("*")):
            # by a process each: threads of one wait for one another, half as long again
            command = ["rm", "-rf", str(environment)]
            pool.submit(subprocess.call, command, stderr=subprocess.DEVNULL)


def _install_release(session: nox.Session, row: dict[str, Any]) -> None:
    """Install exactly what the lock of one release says, every file checked by its hash."""
    lock = LOCKS / f"{row['version']}.txt"
    if not lock.exists():
        session.error(f"{lock.relative_to(ROOT)} is missing: nox -s lock -- {row['version']}")
    locked = [
        *("--quiet", "--no-deps", "--require-hashes", "-r", str(lock)),
        *("--build-constraints", str(LOCKS / "build.txt")),
        *("--link-mode", "hardlink"),  # out of the cache: half the time of a copy
    ]
    unshared = _lines_file(session, "unshared.txt", UNSHARED)
    session.install(*locked, "--cache-dir", str(SHARED), "--excludes", unshared)
    session.install(*locked, "--no-cache", "--exact")


@nox.session(python=MODERN, default=False)
def lock(session: nox.Session) -> None:
    """Resolve each release as of its own date, with hashes (`-- 2.21.0` for one alone)."""
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
                *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
                *("--generate-hashes", "--no-header", "--no-annotate", "--upgrade"),
                *("--group", group, "--output-file", f"requirements/{group}.txt"),
            )


# Releases 1.2 to 1.11 need packages that are built from source, and these build
# tools are the newest that their Python and the packages of their time both take.
BUILD_DATE = "2021-01-01"


def _compile(session: nox.Session, target: Path, wanted: list[str], *options: str) -> None:
    """Write one requirements file with the hash of every file that may be installed."""
    session.run_install(
        *("uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--upgrade"),
        *("--generate-hashes", "--output-file", str(target), *options),
        _lines_file(session, "wanted.in", wanted),
    )


def _lines_file(session: nox.Session, name: str, lines: list[str]) -> str:
    path = Path(session.create_tmp()) / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def _install(session: nox.Session, group: str) -> None:
    session.install("--quiet", "--require-hashes", "-r", f"requirements/{group}.txt")


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
    tests = ["tests/test_browser.py", "tests/test_validity.py"]
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
    session.run("python", "-m", "report.simulate", *session.posargs)


@nox.session(python=MODERN, default=False)
def fuzz(session: nox.Session) -> None:
    """Feed the loader 100,000 damaged observations: it may refuse them, never break."""
    _install(session, "tests")
    session.run("python", "-m", "tests.fuzz_load", *session.posargs)


@nox.session(python=MODERN, default=False)
def bench(session: nox.Session) -> None:
    """Measure five releases beside the floor and peers (needs 12 GB; `-- --all`: 36 GB, hours)."""
    _install(session, "bench")
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session(python=MODERN, default=False)
def screenshots(session: nox.Session) -> None:
    """Take pictures of the main pages (wide, phone, dark, print) into screenshots/."""
    _install(session, "tests")
    session.run("python", "-m", "report.screenshots", "--site", "site", "--output", "screenshots")


@nox.session(python=MODERN, tags=SETS)
def report(session: nox.Session) -> None:
    """Write site/ from the observations: the matrix as HTML, Markdown and JSON."""
    measured = [
        row["version"]
        for row in AVAILABLE
        if _measured(row["version"])[1:] == [_digest(OBSERVATIONS / f"{row['version']}.json")]
    ]
    lacking = [how_to_get(python) for python in missing_interpreters()]
    wanted = [word for word in session.posargs if word not in FOR_PROBES]
    with ThreadPoolExecutor() as beside:
        beside.submit(_bury)
        _install(session, "report")
        session.run(
            *("python", "-m", "report", "--platform", PLATFORM, *wanted),
            *("--measured", *measured),
            *("--lacking", *lacking),
        )
