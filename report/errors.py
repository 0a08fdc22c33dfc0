"""The errors that a user of the report can meet, each with its exit code."""

from __future__ import annotations


class ReportError(Exception):
    """Something the user can mend: its text is what, where, and what to do next."""

    exit_code = 2


class TableError(ReportError):
    """The table of releases is not usable."""


class ObservationError(ReportError):
    """A stored observation can't be read as evidence."""

    exit_code = 3


class SiteError(ReportError):
    """The pages can't be written."""

    exit_code = 4


class PlatformError(ReportError):
    """Nobody observed anything on the platform that was asked for."""


class HistoryError(ReportError):
    """Git can't tell when the observations were made, or what they were."""


class OptionError(ReportError):
    """A word of the command line, or of its environment, means nothing."""


class OutputError(ReportError):
    """Standard output can't be written."""

    exit_code = 4
