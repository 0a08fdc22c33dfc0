"""How releases differ: where things are, how layers are made, and what a release answers."""
