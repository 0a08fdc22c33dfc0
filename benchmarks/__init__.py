"""Measure the project's time, memory and disk, and how often its verdicts are wrong.

Costs are compared with a floor and with peers, in alternation in one run on one machine, and
given as ratios: seconds of a shared machine mean nothing elsewhere.
"""
