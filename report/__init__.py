"""Build the published matrix from observations: read, judge, compare, render."""
