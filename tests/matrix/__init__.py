"""All environments together."""
