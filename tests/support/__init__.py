"""Helpers and sample data that several tests share."""
