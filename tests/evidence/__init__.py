"""What was observed in a release is read strictly."""
