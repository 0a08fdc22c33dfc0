"""What nox needs to know before a release can be asked: the table, Pythons, and what is current.

It is run by the Python that runs nox, never inside the environment of a release.
"""
