"""What nox needs before it can measure a release: settings, interpreters, environments, ledger.

It is run by the Python that runs nox, never inside the environment of a release.
"""
