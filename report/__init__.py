"""Turn observations into the published matrix: load, judge, compare, lay out."""
