"""Tests of the probes, in real processes with a fake TensorFlow."""
