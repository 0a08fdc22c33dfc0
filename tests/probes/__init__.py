"""Tests of the probes: in real processes, on a TensorFlow of our own making."""
