"""Where things are kept in the checkout."""

import platform
from pathlib import Path

PLATFORM = ("%s-%s" % (platform.system(), platform.machine())).lower()
ROOT = Path(__file__).resolve().parent.parent.parent
TABLE = ROOT / "probes" / "releases.toml"
LOCKS = ROOT / "probes" / "locks"
OBSERVATIONS = ROOT / "observations" / PLATFORM
CONFIRMED = OBSERVATIONS / "confirmed.toml"
NOX = ROOT / ".nox"
LEDGER = NOX / "measured" / PLATFORM
SHARED = NOX / "shared"  # packages that several releases need; not the user's cache
FETCHED = NOX / "pythons"  # interpreters that uv has fetched
CACHE = NOX / "cache"  # what uv keeps for the other sessions, where the user names no place
# What follows an environment's Python to start the probes: of the checkout `probes` alone can be
# imported, after the standard library, since a user may have a json.py beside it.
_START = (
    "import sys; sys.path.append(sys.argv.pop(1)); import probes; sys.path.pop(); "
    "from probes.__main__ import main; main()"
)
PROBES = ("-I", "-B", "-S", "-c", _START, str(ROOT))
CONTRACT = ROOT / "report" / "evidence" / "observation.schema.json"
