"""The requirements of each release, and uv's options to resolve them as of its cut-off date."""

from probes.setup.places import LOCKS

BUILD = LOCKS / "build.txt"
BUILD_TOOLS = ["setuptools", "wheel"]
# Releases 1.2 to 1.11 need packages that are built from source. The build tools of
# this day are the newest that work with both their Python and these packages.
_BUILD_DATE = "2021-01-01"
BUILD_OPTIONS = ("-p", "3.6", "--exclude-newer", _BUILD_DATE)


def wanted(row):
    """Return the requirements of a release."""
    return ["%s==%s" % (row["distribution"], row["version"]), *row.get("beside", [])]


def excluded(row):
    """Return the packages that are left out although others require them."""
    # tf-keras requires `tensorflow`, whose files are those of tensorflow-cpu
    return [] if row["distribution"] == "tensorflow" else ["tensorflow"]


def options(row, interpreter):
    """Return uv's options to resolve a release as of its cut-off date.

    ``interpreter`` builds packages that have no static metadata; if it is None, uv may pick another
    version from PATH, with which old packages don't build.
    """
    tools = ["%s=%s" % (tool, max(_BUILD_DATE, row["cutoff"])) for tool in BUILD_TOOLS]
    dated = [word for tool in tools for word in ("--exclude-newer-package", tool)]
    own = ["-p", interpreter or row["python"], "--exclude-newer", row["cutoff"]]
    return [*own, *dated, "--build-constraints", str(BUILD)]
