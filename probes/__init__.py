"""Observe the default initializers of one TensorFlow release, inside its environment.

Everything in this folder runs on CPython 3.6 with the standard library, NumPy and
the TensorFlow under test, and imports nothing from report/.
"""
