"""Measures the project against what is physically needed, and against its peers.

Everything is measured in one run on one machine, contenders in turn, and told as
ratios: seconds of a shared machine mean nothing elsewhere.
"""
