"""What is said of the matrix."""
