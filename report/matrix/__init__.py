"""The matrix of all releases: cells, rows, runs and changes."""

from report.matrix import across, history, kinds, lookup, moves
from report.matrix.across import Across
from report.matrix.build import build_matrix, matrix_of
from report.matrix.index import Index, once, present
from report.matrix.kinds import (
    DECLARED,
    EXISTENCE,
    KINDS,
    LAW,
    MEASURED,
    NUMBERS,
    OWN_SEED,
    REPEAT,
    REPEATS,
    RESOLVED,
    REUSE,
    SCOPE,
    TO_AGREE,
    Kind,
    Level,
    with_page,
)
from report.matrix.lookup import Found
from report.matrix.moves import Move, ReleaseMove
from report.matrix.readings import Readings, readings
from report.matrix.records import WHOLE, Cell, Change, Count, Matrix, Row, Run

__all__ = [
    "DECLARED",
    "EXISTENCE",
    "KINDS",
    "LAW",
    "MEASURED",
    "NUMBERS",
    "OWN_SEED",
    "REPEAT",
    "REPEATS",
    "RESOLVED",
    "REUSE",
    "SCOPE",
    "TO_AGREE",
    "WHOLE",
    "Across",
    "Cell",
    "Change",
    "Count",
    "Found",
    "Index",
    "Kind",
    "Level",
    "Matrix",
    "Move",
    "Readings",
    "ReleaseMove",
    "Row",
    "Run",
    "across",
    "build_matrix",
    "history",
    "kinds",
    "lookup",
    "matrix_of",
    "moves",
    "once",
    "present",
    "readings",
    "with_page",
]
