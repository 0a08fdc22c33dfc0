"""Judge measured weights: candidate laws, goodness of fit, agreement. Pure functions."""

from report.verdict import families
from report.verdict.agreement import Accord, Agreement, agreement_of
from report.verdict.arguments import calls
from report.verdict.dependence import COMPARED, checks, haar
from report.verdict.families import NO_LAW, ORTHOGONAL, OTHER_ORTHOGONAL, UNRECOGNISED
from report.verdict.judge import PADDED, Verdict, nearest_rival, same_law, verdict_of
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
    "Law",
    "Verdict",
    "agreement_of",
    "calls",
    "checks",
    "families",
    "haar",
    "nearest_rival",
    "same_law",
    "verdict_of",
]
