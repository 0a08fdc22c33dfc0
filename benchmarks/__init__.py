"""Measures what the project costs, beside its floor and its peers, and how often its verdicts err.

Costs are measured in one run on one machine, contenders in turn, and given as ratios: seconds
of a shared machine mean nothing elsewhere.
"""
