"""What a release needs of this machine, asked before TensorFlow is imported.

A release that lacks it crashes, or fails with a message about something else, and that is no
failure of the release. The supervisor asks: nothing here touches the process that is measured.
"""

import importlib
import os
import resource
import sys
import threading
from itertools import chain

from probes.run import cpuid

# Modules that CPython is built without where a library isn't there, and the library. No release
# is imported without these two; without _bz2, _lzma, _ssl, _sqlite3 and the like each of them is.
_MODULES = {"_ctypes": "libffi", "zlib": "zlib"}
# The wheel of 1.4.1 runs on a processor without AVX; that of 1.5.1 is killed on it.
_AVX_SINCE = (1, 5)
_MIB = 2**20
# What is mapped counts, not what is used: 2.21 maps 1.7 GiB.
_MEMORY = 2048 * _MIB
STACK = 8 * _MIB  # as systems give it, and every release gets it
_THREADS, _THREADS_EACH = 8, 4  # in all, and for each processor: pools of TensorFlow and BLAS


def lacking(version):
    """Return a sentence about the first thing this machine lacks for a release, or None."""
    return next(chain(_modules(), _processor(version), _memory(), _stack(), _threads()), None)


def _modules():
    for name, library in _MODULES.items():
        try:
            importlib.import_module(name)
        except ImportError as error:
            advice = "build that Python again, where the headers of %s are installed" % library
            yield "its Python can't import %s (%s): %s" % (name, error, advice)


def _processor(version):
    if tuple(int(number) for number in version.split(".")[:2]) < _AVX_SINCE:
        return
    try:
        has_avx = cpuid.has_avx()
    except (ImportError, OSError, MemoryError) as error:  # code in memory is refused to some
        sys.stderr.write("%s: the processor could not be asked for AVX: %s\n" % (version, error))
        return
    if has_avx is False:
        yield "the processor has no AVX, or the system keeps it from programs: use another machine"


def _memory():
    for limit, option in ((resource.RLIMIT_AS, "-v"), (resource.RLIMIT_DATA, "-d")):
        allowed = resource.getrlimit(limit)[0]
        if allowed != resource.RLIM_INFINITY and allowed < _MEMORY:
            numbers = (allowed // _MIB, _MEMORY // _MIB, option)
            yield "%d MiB of memory are allowed, and it takes %d: raise `ulimit %s`" % numbers


def _stack():
    most = resource.getrlimit(resource.RLIMIT_STACK)[1]
    if most != resource.RLIM_INFINITY and most < STACK:
        numbers = (most // 1024, STACK // 1024)
        yield "%d KiB of stack are allowed, and it takes %d: raise `ulimit -s`" % numbers


def _threads():
    try:
        processors = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        processors = os.cpu_count() or 1
    wanted = _THREADS + _THREADS_EACH * processors
    started = _startable(wanted)
    if started < wanted:
        limits = "raise `ulimit -u`, or the limit of processes of the container"
        yield "%d threads can be started, and it takes %d: %s" % (started, wanted, limits)


def _startable(wanted):
    """Return how many threads can be started at once, up to a number."""
    done, started = threading.Event(), []
    try:
        for _ in range(wanted):
            thread = threading.Thread(target=done.wait)
            thread.start()
            started.append(thread)
    except (RuntimeError, MemoryError):
        pass
    done.set()
    for thread in started:
        thread.join()
    return len(started)
