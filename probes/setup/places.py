"""Where things are kept in the checkout."""

import platform
from pathlib import Path

PLATFORM = ("%s-%s" % (platform.system(), platform.machine())).lower()
ROOT = Path(__file__).resolve().parent.parent.parent
TABLE = ROOT / "probes" / "releases.toml"
LOCKS = ROOT / "probes" / "locks"
OBSERVATIONS = ROOT / "observations" / PLATFORM
NOX = ROOT / ".nox"
LEDGER = NOX / "measured" / PLATFORM
SHARED = NOX / "shared"  # packages that several releases need; not the user's cache
FETCHED = NOX / "pythons"  # interpreters that uv has fetched
CACHE = NOX / "cache"  # what uv keeps for the other sessions, where the user names no place
CONTRACT = ROOT / "report" / "evidence" / "observation.schema.json"
