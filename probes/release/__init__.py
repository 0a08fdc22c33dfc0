"""How releases differ: where symbols are, how layers are made, what is an answer of a release."""
