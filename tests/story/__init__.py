"""Tests of report.story."""
