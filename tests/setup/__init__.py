"""Tests of probes.setup and of the nox sessions."""
