"""Test that user settings don't affect an installation or a run, except for addresses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import nox as nox_package
import pytest
from nox.virtualenv import UV

from probes.setup import interpreters, settings
from tests.support import fake, small
from tests.support.checkout import copied, nox

if TYPE_CHECKING:
    from tests.support.small import Checkout

# Settings are removed by name, so this list is written here independently.
STAYS = {
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"),
    *("UV_NO_INDEX", "UV_OFFLINE", "UV_PYTHON_DOWNLOADS", "UV_PYTHON_INSTALL_MIRROR"),
    *("UV_CREDENTIALS_DIR", "UV_KEYRING_PROVIDER", "UV_INSECURE_HOST", "UV_NATIVE_TLS"),
    *("UV_SYSTEM_CERTS", "UV_CONCURRENT_DOWNLOADS", "UV_HTTP_CONNECT_TIMEOUT"),
    *("UV_HTTP_RETRIES", "UV_HTTP_TIMEOUT", "UV_REQUEST_TIMEOUT"),
    *("UV_CACHE_DIR", "UV_PYTHON_INSTALL_DIR"),
}
OURS = {"UV_NO_CONFIG": "1", "UV_PYTHON_DOWNLOADS": "manual"}


def documented(*command: str) -> set[str]:
    """Return the environment variables in the help of a uv command and its subcommands."""
    done = subprocess.run([UV, *command, "--help"], capture_output=True, text=True, check=True)
    below = re.search(r"^Commands:\n(.*?)\n\n", done.stdout, re.MULTILINE | re.DOTALL)
    names = re.findall(r"^  ([a-z-]+)", below[1], re.MULTILINE) if below else []
    found = set(re.findall(r"\[env:\s*(UV_[A-Z0-9_]+)", done.stdout))
    return found.union(*(documented(*command, name) for name in names if name != "help"))


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Return the environment variables that uv documents, and those found in its program only."""
    program = Path(subprocess.check_output(["which", UV], text=True).strip()).read_bytes()
    held = re.findall(rb"UV_(?:(?!UV_)[A-Z0-9_]){3,}", program)
    return documented() | {name.decode() for name in held}


def test_of_all_that_uv_knows_none_but_the_named_survive(known: set[str]) -> None:
    assert {"UV_VENV_SEED", "UV_OVERRIDE", "UV_CONFIG_FILE", "UV_LINK_MODE"} < known
    assert len(known) > 100
    variables = dict.fromkeys(known | STAYS, "the user's")
    settings.apply(variables)
    left = {name: text for name, text in variables.items() if name.startswith("UV_")}
    assert left == dict.fromkeys(STAYS, "the user's") | OURS


def test_what_pip_and_python_read_is_removed_but_for_addresses() -> None:
    steering = {
        *("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_CONSTRAINT", "PIP_NO_BINARY"),
        *("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONPYCACHEPREFIX"),
        *("DIST_EXTRA_CONFIG", "DISTUTILS_DEBUG", "SETUPTOOLS_USE_DISTUTILS"),
        *("PYTHONOPTIMIZE", "PYTHONWARNINGS", "PYTHONUSERBASE", "PYTHON_GIL"),
        *("QEMU_CPU", "QEMU_SET_ENV", "QEMU_VERSION"),
    }
    kept = {"PIP_INDEX_URL": "https://one", "PIP_CERT": "/cert", "UV_INDEX_OURS_PASSWORD": "x"}
    others = {"HTTPS_PROXY": "http://proxy", "SSL_CERT_FILE": "/cert", "UV": "/bin/uv"}
    variables = dict.fromkeys(sorted(steering), "the user's") | kept | others
    settings.apply(variables)
    assert not steering & set(variables)
    assert variables.items() >= (kept | others).items()
    assert variables["PIP_CONFIG_FILE"] == os.devnull


def test_what_is_downloaded_stays_in_the_checkout_or_where_the_user_wants_it() -> None:
    own: dict[str, str] = {}
    settings.apply(own)
    assert own["UV_CACHE_DIR"] == str(settings.CACHE)
    named = {"UV_CACHE_DIR": "/a", "PIP_CACHE_DIR": "/b"}
    settings.apply(named)
    assert (named["UV_CACHE_DIR"], named["PIP_CACHE_DIR"]) == ("/a", "/b")


@pytest.mark.parametrize(
    ("users", "ours"), [(None, "manual"), ("automatic", "manual"), ("never", "never")]
)
def test_uv_fetches_no_python_into_the_users_store(users: str | None, ours: str) -> None:
    variables = {} if users is None else {"UV_PYTHON_DOWNLOADS": users}
    settings.apply(variables)
    assert variables["UV_PYTHON_DOWNLOADS"] == ours


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Return a checkout with two small releases."""
    return small.checkout(tmp_path_factory.mktemp("settings"))


def hostile(home: Path) -> dict[str, str]:
    """Return the environment variables of a user whose settings would affect an installation."""
    own, override = home / "own packages", home / "override.txt"
    (own / "six").mkdir(parents=True)
    (own / "six" / "of the user").touch()
    override.write_text("six==9.9\n", encoding="utf-8")
    for folder in (home / ".config" / "uv", home / "config file"):
        folder.mkdir(parents=True)
        (folder / "uv.toml").write_text(f'[pip]\ntarget = "{own}"\n', encoding="utf-8")
    (home / "sitecustomize.py").write_text("raise SystemExit('of the user')\n", encoding="utf-8")
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "UV_CONFIG_FILE": str(home / "config file" / "uv.toml"),
        "UV_VENV_SEED": "1",
        "UV_OVERRIDE": str(override),
        "UV_NO_BINARY": "1",
        "UV_EXCLUDE": str(override),
        "UV_PYTHON": "/nonexistent",
        "UV_SYSTEM_PYTHON": "1",
        "UV_LINK_MODE": "symlink",
        "PIP_TARGET": str(own),
        "PYTHONUSERBASE": str(home),
    }


def test_a_user_whose_settings_steer_everything_gets_the_same_bytes(
    checkout: Checkout, tmp_path: Path
) -> None:
    done = checkout.run(small.ONE, "--force")
    assert done.returncode == 0, done.stdout
    plain = checkout.observation(small.ONE).read_bytes()
    own = hostile(tmp_path)
    arguments = ("-s", f"probe({small.ONE})", "--", "--force", "--keep")
    done = nox(checkout.root, *arguments, **checkout.variables, **own)
    assert done.returncode == 0, done.stdout
    assert checkout.observation(small.ONE).read_bytes() == plain
    assert (tmp_path / "own packages" / "six" / "of the user").exists()
    assert [path.name for path in (tmp_path / "own packages").iterdir()] == ["six"]
    installed = {path.name.split("-")[0] for path in checkout.packages(small.ONE).glob("*-info")}
    assert installed == {"numpy", small.SHARED, "tensorflow_cpu"}


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Return a checkout with a small release on a CPython that reads distutils settings."""
    python = next(filter(interpreters.find, ("3.6", "3.7", "3.8", "3.9")), None)
    if python is None:
        fake.unmet("no CPython 3.9 or older is on this machine")
    return small.checkout(tmp_path_factory.mktemp("older"), python=str(python))


@pytest.mark.parametrize("known", [True, False], ids=["in a home", "beside the probes"])
def test_no_settings_of_distutils_lead_packages_elsewhere(
    older: Checkout,
    tmp_path: Path,
    known: bool,  # noqa: FBT001
) -> None:
    """CPython 3.9 and older read them even where uv asks them where packages are.

    Those of a home are left out. Those in the folder it is run in, or beside the standard
    library, can't be, and nothing is installed.
    """
    stolen = tmp_path / "stolen"
    (stolen / "six-0.dist-info").mkdir(parents=True)
    (stolen / "six-0.dist-info" / "RECORD").touch()
    file = tmp_path / ".pydistutils.cfg" if known else older.root / "setup.cfg"
    file.write_text(f"[install]\ninstall_lib={stolen}\n", encoding="utf-8")
    variables = dict(older.variables) | {"HOME": str(tmp_path)}
    done = nox(older.root, "--install-only", "-s", f"probe({small.ONE})", **variables)
    file.unlink()
    assert [path.name for path in stolen.iterdir()] == ["six-0.dist-info"]
    if known:
        assert done.returncode == 0, done.stdout
        assert (older.packages(small.ONE) / "tensorflow" / "__init__.py").exists()
    else:
        assert done.returncode == 1
        assert f"packages would go to {stolen}" in done.stdout
        assert "take [install] out of setup.cfg" in done.stdout
        done = nox(older.root, "--install-only", "-s", f"probe({small.ONE})", **variables)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("text", ["nonsense = [", '[pip]\ntarget = "elsewhere"\n'])
def test_no_configuration_file_reaches_a_session_of_another_kind(tmp_path: Path, text: str) -> None:
    """Uv refuses the first one, even when it is asked for its version."""
    (tmp_path / ".config" / "uv").mkdir(parents=True)
    (tmp_path / ".config" / "uv" / "uv.toml").write_text(text, encoding="utf-8")
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / ".config")}
    checkout = copied(tmp_path / "checkout")
    done = nox(checkout, "-s", "report", "--", "--help", **home)
    assert done.returncode == 0, done.stdout
    assert "usage: python -m report site" in done.stdout


def test_where_an_installation_fails_a_file_that_was_not_read_is_named(
    checkout: Checkout, tmp_path: Path
) -> None:
    config = tmp_path / "uv" / "uv.toml"
    config.parent.mkdir()
    config.write_text('index-url = "https://packages.example"\n', encoding="utf-8")
    variables = {"UV_FIND_LINKS": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    arguments = ("-s", f"probe({small.OTHER})", "--", "--force")
    done = nox(checkout.root, *arguments, **dict(checkout.variables) | variables)
    assert done.returncode != 0
    (line,) = (line for line in done.stdout.splitlines() if str(config) in line)
    assert ": not read here, though an index is named in it" in line
    assert "set UV_DEFAULT_INDEX to its address" in line


def test_a_nox_that_pythonpath_leads_to_still_runs_several_releases(checkout: Checkout) -> None:
    packages = Path(nox_package.__file__).parent.parent
    sessions = [f"probe({version})" for version in (small.ONE, small.OTHER)]
    done = subprocess.run(
        [os.path.realpath(sys.executable), "-m", "nox", "-s", *sessions, "--", "--force"],
        cwd=checkout.root,
        env=os.environ | dict(checkout.variables) | {"PYTHONPATH": str(packages)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_done_when_the_noxfile_is_loaded() -> None:
    code = "import noxfile, os; print(os.environ.get('UV_VENV_SEED'), os.environ['UV_NO_CONFIG'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.ROOT,
        env=os.environ | {"UV_VENV_SEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "None 1\n"
