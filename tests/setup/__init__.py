"""What nox does before a release is asked."""
