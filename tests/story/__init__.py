"""The matrix in words."""
