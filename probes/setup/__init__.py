"""Prepare what nox needs to measure a release: settings, interpreters, environments, ledger.

This package runs in nox's Python, never in the environment of a release.
"""
