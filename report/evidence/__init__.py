"""What a release said: the table of releases, and observations, read strictly."""

from report.evidence import decode, differing, platforms, reader, release_table, revision
from report.evidence.network import Network
from report.evidence.platforms import Choice
from report.evidence.reader import Stored
from report.evidence.records import (
    NO_EVIDENCE,
    Answer,
    Declared,
    Evidence,
    Frame,
    Measurement,
    Observation,
    Release,
    Resolved,
    State,
    Status,
    Style,
    Symbol,
    environment,
)
from report.evidence.release_table import Entry
from report.evidence.revision import Revision

__all__ = [
    "NO_EVIDENCE",
    "Answer",
    "Choice",
    "Declared",
    "Entry",
    "Evidence",
    "Frame",
    "Measurement",
    "Network",
    "Observation",
    "Release",
    "Resolved",
    "Revision",
    "State",
    "Status",
    "Stored",
    "Style",
    "Symbol",
    "decode",
    "differing",
    "environment",
    "platforms",
    "reader",
    "release_table",
    "revision",
]
