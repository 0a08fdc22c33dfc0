"""Tests of report.matrix."""
