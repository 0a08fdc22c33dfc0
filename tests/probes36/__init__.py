"""The probes' own tests, written for unittest and CPython 3.6: they also run inside a release."""
