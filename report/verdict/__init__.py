"""What the weights come to: laws, goodness of fit, agreement; pure functions."""
