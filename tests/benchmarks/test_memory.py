"""Test what the benchmark counts as the memory of a command."""

from __future__ import annotations

import subprocess
import sys

from tests.support.checkout import ROOT

# A forked child that has not executed another program yet.
COPY = """
import os, time
from benchmarks import memory
if os.fork():
    print(memory._held())
else:
    time.sleep(1)
"""


def test_a_child_that_has_yet_to_begin_its_program_holds_nothing_of_its_own() -> None:
    command = [sys.executable, "-c", COPY]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
