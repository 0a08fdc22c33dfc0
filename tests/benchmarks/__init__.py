"""What the project costs."""
