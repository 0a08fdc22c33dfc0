"""The errors that the report shows to its users, each with its exit code."""

from __future__ import annotations


class ReportError(Exception):
    """An error that the user can fix; the message says what, where, and what to do next."""

    exit_code = 2


class TableError(ReportError):
    """The table of releases can't be read, or a row of it is not valid."""


class ObservationError(ReportError):
    """A stored observation can't be read as evidence."""

    exit_code = 3


class SiteError(ReportError):
    """The site can't be written."""

    exit_code = 4


class PlatformError(ReportError):
    """There are no observations for the requested platform."""


class HistoryError(ReportError):
    """Git can't provide the history or an earlier version of the observations."""


class OptionError(ReportError):
    """A command-line argument or an environment variable is not valid."""


class OutputError(ReportError):
    """Standard output can't be written."""

    exit_code = 4
