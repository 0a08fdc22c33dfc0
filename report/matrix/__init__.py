"""All environments together: cells, rows, runs and changes."""
