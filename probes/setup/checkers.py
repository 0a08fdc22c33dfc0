"""Install the checkers of HTML pages, axe-core and html-validate, from npm."""

import shutil
from pathlib import Path

from probes.setup.places import NOX, ROOT

# The environment variable that tells tests why the checkers are missing.
MISSING = "PAGE_CHECKERS_MISSING"
_SHOWN = 3  # lines of npm's output
_COMMAND = (
    *("npm", "ci", "--loglevel=error", "--cache", str(NOX / "npm"), "--prefer-offline"),
    *("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"),
)


def fetch(session):
    """Install the checkers; return environment variables with their paths, or ``MISSING``."""
    if shutil.which("npm") is None:
        return {MISSING: "npm is not on this machine"}
    folder = Path(session.create_tmp()) / "node"
    folder.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(str(ROOT / "tests" / "node" / name), str(folder / name))
    command, any_code = (*_COMMAND, "--prefix", str(folder)), range(256)
    printed = session.run_install(*command, external=True, silent=True, success_codes=any_code)
    found = _found(folder.resolve() / "node_modules", str(printed or "it was left out"))
    if MISSING in found:
        session.warn(found[MISSING])
    return found


def _found(modules, printed):
    paths = {
        "AXE_CORE": modules / "axe-core" / "axe.min.js",
        "HTML_VALIDATE": modules / ".bin" / "html-validate",
    }
    if all(path.is_file() for path in paths.values()):
        return {name: str(path) for name, path in paths.items()}
    lines = [line for line in printed.splitlines() if line.strip()]
    return {MISSING: "npm ci failed: %s" % " ".join(lines[:_SHOWN])}
