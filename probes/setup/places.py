"""Where the files of the checkout are, and how the probes in it are started."""

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
SHARED = NOX / "shared"  # uv's cache of packages that several releases need
FETCHED = NOX / "pythons"  # interpreters that uv has fetched
CACHE = NOX / "cache"  # uv's cache for the other sessions, unless the user names one
# The arguments of an environment's Python that start the probes. Only the package `probes` of the
# checkout can be imported, after the standard library: a user may have a json.py beside it.
_START = (
    "import sys; sys.path.append(sys.argv.pop(1)); import probes; sys.path.pop(); "
    "from probes.__main__ import main; main()"
)
PROBES = ("-I", "-B", "-S", "-c", _START, str(ROOT))
CONTRACT = ROOT / "report" / "evidence" / "observation.schema.json"
