"""The kinds of evidence, one module each."""
