"""Paths of the files in the checkout, and the arguments that start the probes."""

import platform
from pathlib import Path

PLATFORM = ("%s-%s" % (platform.system(), platform.machine())).lower()
ROOT = Path(__file__).resolve().parent.parent.parent
TABLE = ROOT / "probes" / "releases.toml"
LOCKS = ROOT / "probes" / "locks"
OBSERVATIONS = ROOT / "observations"  # a folder for each platform
NOX = ROOT / ".nox"
LEDGER = NOX / "measured"  # a folder for each platform
SHARED = NOX / "shared"  # uv's cache of packages that several releases need
FETCHED = NOX / "pythons"  # interpreters that uv has fetched
CACHE = NOX / "cache"  # uv's cache for the other sessions, unless the user names one
# Arguments of Python that start the probes. Of the checkout only the package `probes` can be
# imported, after the standard library, so that a json.py in the checkout shadows nothing.
_START = (
    "import sys; sys.path.append(sys.argv.pop(1)); import probes; sys.path.pop(); "
    "from probes.__main__ import main; main()"
)
PROBES = ("-I", "-B", "-S", "-c", _START, str(ROOT))
CONTRACT = ROOT / "report" / "evidence" / "observation.schema.json"
PROJECT = "linux-x86_64"  # the platform whose locks have no folder of their own


def lock(row):
    """Return the path of the lock file of a release on its row's platform."""
    folder = LOCKS if row["platform"] == PROJECT else LOCKS / row["platform"]
    return folder / (row["version"] + ".txt")


def observation(row):
    """Return the path of the observation of a release on its row's platform."""
    return OBSERVATIONS / row["platform"] / (row["version"] + ".json")
