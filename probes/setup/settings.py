"""Filter the user's settings for uv, pip and Python: only access to packages is configurable.

A setting that selects what is installed, where, or what runs would change the environment. Such
environment variables, QEMU's among them, are removed, and configuration files are not read.
"""

import os
import re
from pathlib import Path

from probes.setup.places import CACHE, NOX, ROOT

_PREFIXES = (
    "DIST_EXTRA_CONFIG",
    "DISTUTILS_",
    "PIP_",
    "PYTHON",
    "QEMU_",
    "SETUPTOOLS_",
    "UV_",
    "VIRTUALENV_",
)
# By subject: addresses, credentials, certificates, timeouts and caches.
KEPT = (
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"),
    *("UV_NO_INDEX", "UV_OFFLINE", "UV_PYTHON_DOWNLOADS", "UV_PYTHON_INSTALL_MIRROR"),
    *("UV_CREDENTIALS_DIR", "UV_KEYRING_PROVIDER"),
    *("UV_INSECURE_HOST", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS"),
    *("UV_CONCURRENT_DOWNLOADS", "UV_HTTP_CONNECT_TIMEOUT", "UV_HTTP_RETRIES"),
    *("UV_HTTP_TIMEOUT", "UV_REQUEST_TIMEOUT"),
    *("UV_CACHE_DIR", "UV_PYTHON_INSTALL_DIR"),
    *("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_NO_INDEX", "PIP_PROXY"),
    *("PIP_KEYRING_PROVIDER", "PIP_CERT", "PIP_CLIENT_CERT", "PIP_TRUSTED_HOST"),
    *("PIP_DEFAULT_TIMEOUT", "PIP_RETRIES", "PIP_TIMEOUT", "PIP_CACHE_DIR"),
)
# User name and password for an index of UV_INDEX.
_CREDENTIALS = re.compile(r"UV_INDEX_\w+_(USERNAME|PASSWORD)")
_OURS = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "UV_NO_CONFIG": "1",
    "VIRTUALENV_CONFIG_FILE": os.devnull,
    "VIRTUALENV_OVERRIDE_APP_DATA": str(NOX / "virtualenv"),
}


def apply(variables):
    """Remove the ``variables`` that aren't kept, and return them; set our own.

    Ours disable configuration files, put downloads into the checkout unless the user named a
    folder, and let uv fetch a Python only on request.
    """
    removed = {name: text for name, text in variables.items() if not _is_kept(name)}
    for name in removed:
        del variables[name]
    variables.update(_OURS)
    if variables.get("UV_PYTHON_DOWNLOADS") != "never":
        variables["UV_PYTHON_DOWNLOADS"] = "manual"
    variables.setdefault("UV_CACHE_DIR", str(CACHE))
    variables.setdefault("PIP_CACHE_DIR", str(NOX / "pip"))
    return removed


def _is_kept(name):
    return not name.startswith(_PREFIXES) or name in KEPT or bool(_CREDENTIALS.fullmatch(name))


def own_home(folder):
    """Return the environment variables that give an installation its own home folder.

    There is no ~/.pydistutils.cfg in it, which could redirect installations by CPython 3.9 and
    older and builds from source. Credentials are still read from the user's home.
    """
    home = Path(os.path.expanduser("~"))
    places = {
        "NETRC": home / ".netrc",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local" / "share",
    }
    kept = {name: os.environ.get(name) or str(place) for name, place in places.items()}
    return dict(kept, HOME=str(folder))


def held(removed, module):
    """Return whether Python found a module, given by its path, through a removed variable."""
    texts = (removed.get(name, "") for name in ("PYTHONPATH", "PYTHONUSERBASE"))
    folders = [folder for text in texts for folder in text.split(os.pathsep) if folder]
    return any(Path(os.path.abspath(folder)) in Path(module).parents for folder in folders)


def unread():
    """Yield the configuration files of this machine that name an index and are not read."""
    home = Path(os.path.expanduser("~"))
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    for folder in (config / "uv", Path("/etc/uv"), *ROOT.parents):
        yield from _naming_an_index(folder / "uv.toml")
    for folder in (config / "pip", home / ".pip", Path("/etc"), Path("/etc/xdg/pip")):
        yield from _naming_an_index(folder / "pip.conf")


def _naming_an_index(path):
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # there is no such file, or this user may not read it
        return
    if "index" in text or "find-links" in text:
        yield path
