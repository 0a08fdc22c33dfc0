"""Read the evidence: the table of releases, and the observations made of each."""

from report.evidence import confirmed, decode, differing, platforms, reader, release_table, revision
from report.evidence.confirmed import Confirmations, Confirmed
from report.evidence.platforms import Choice, environment
from report.evidence.reader import Stored
from report.evidence.records import (
    NO_EVIDENCE,
    Answer,
    Declared,
    Evidence,
    Frame,
    Layer,
    Losses,
    Measurement,
    Network,
    Observation,
    Resolved,
    State,
    Steps,
    Style,
    Symbol,
)
from report.evidence.release_table import Entry, Release, Status
from report.evidence.revision import Revision

__all__ = [
    "NO_EVIDENCE",
    "Answer",
    "Choice",
    "Confirmations",
    "Confirmed",
    "Declared",
    "Entry",
    "Evidence",
    "Frame",
    "Layer",
    "Losses",
    "Measurement",
    "Network",
    "Observation",
    "Release",
    "Resolved",
    "Revision",
    "State",
    "Status",
    "Steps",
    "Stored",
    "Style",
    "Symbol",
    "confirmed",
    "decode",
    "differing",
    "environment",
    "platforms",
    "reader",
    "release_table",
    "revision",
]
