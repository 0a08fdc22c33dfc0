"""Simulate how often verdicts are wrong, with draws from every law."""
