"""Differences between releases: how symbols are found, layers built, and errors attributed."""
