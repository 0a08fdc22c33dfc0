"""Tests of report.evidence."""
