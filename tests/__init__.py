"""Tests: tables, properties, hostile input, a real browser and real TensorFlow."""
