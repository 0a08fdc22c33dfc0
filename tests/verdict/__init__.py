"""What the weights come to."""
