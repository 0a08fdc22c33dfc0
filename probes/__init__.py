"""Ask one TensorFlow release for its default initializers, inside that release.

Everything in this folder runs on CPython 3.6 with the standard library, NumPy and
the TensorFlow under test, and imports nothing of the report.
"""
