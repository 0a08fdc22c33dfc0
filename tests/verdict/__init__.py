"""Tests of report.verdict."""
