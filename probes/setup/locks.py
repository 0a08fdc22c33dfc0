"""How each release is resolved: from which requirements, and as of which day."""

from probes.setup.places import LOCKS

BUILD = LOCKS / "build.txt"
BUILD_TOOLS = ["setuptools", "wheel"]
# Releases 1.2 to 1.11 need packages that are built from source, and these build
# tools are the newest that their Python and the packages of their time both take.
_BUILD_DATE = "2021-01-01"
BUILD_OPTIONS = ("-p", "3.6", "--exclude-newer", _BUILD_DATE)


def wanted(row):
    """Return the requirements of a release."""
    return ["%s==%s" % (row["distribution"], row["version"]), *row.get("beside", [])]


def excluded(row):
    """Return the packages that are left out though others require them."""
    # tf-keras requires `tensorflow`, whose files are those of tensorflow-cpu
    return [] if row["distribution"] == "tensorflow" else ["tensorflow"]


def options(row, interpreter):
    """Return the options by which uv resolves a release as of its own day.

    ``interpreter`` builds the packages whose metadata must be built; if it is None, uv looks on
    PATH and may take another version, which old packages refuse.
    """
    tools = ["%s=%s" % (tool, max(_BUILD_DATE, row["cutoff"])) for tool in BUILD_TOOLS]
    dated = [word for tool in tools for word in ("--exclude-newer-package", tool)]
    own = ["-p", interpreter or row["python"], "--exclude-newer", row["cutoff"]]
    return [*own, *dated, "--build-constraints", str(BUILD)]
