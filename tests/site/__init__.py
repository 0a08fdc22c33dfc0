"""Tests of report.site."""
