"""Judge measured weights: candidate laws, goodness of fit, agreement, numbers. Pure functions."""

from report.verdict import families, numbers, reuse
from report.verdict.agreement import Accord, Agreement, agreement_of
from report.verdict.arguments import calls
from report.verdict.cause import Cause, Reason
from report.verdict.dependence import COMPARED, checks, haar
from report.verdict.families import NO_LAW, ORTHOGONAL, OTHER_ORTHOGONAL, UNRECOGNISED
from report.verdict.judge import PADDED, Verdict, nearest_rival, same_law, verdict_of
from report.verdict.numbers import AtShape, Degree, Relation, severity
from report.verdict.reuse import Alike, alike
from report.verdict.standard_forms import POINT, Law

__all__ = [
    "COMPARED",
    "NO_LAW",
    "ORTHOGONAL",
    "OTHER_ORTHOGONAL",
    "PADDED",
    "POINT",
    "UNRECOGNISED",
    "Accord",
    "Agreement",
    "Alike",
    "AtShape",
    "Cause",
    "Degree",
    "Law",
    "Reason",
    "Relation",
    "Verdict",
    "agreement_of",
    "alike",
    "calls",
    "checks",
    "families",
    "haar",
    "nearest_rival",
    "numbers",
    "reuse",
    "same_law",
    "severity",
    "verdict_of",
]
