"""Check that this machine has what a release needs, before TensorFlow is imported.

Otherwise a release crashes or fails with a misleading message, which is not evidence about it.
"""

import importlib
import mmap
import os
import platform
import resource
import sys
import threading
from itertools import chain

# Modules that CPython is built without if a library is missing. Every release imports these two;
# all work without _bz2, _lzma, _ssl and _sqlite3.
_MODULES = {"_ctypes": "libffi", "zlib": "zlib"}
# The wheel of 1.4.1 runs on a processor without AVX; the wheel of 1.5.1 is killed on it.
_AVX_SINCE = (1, 5)
_MIB = 2**20
_MEMORY = 2048 * _MIB  # address space, not memory in use: 2.21 maps 1.7 GiB
STACK = 8 * _MIB  # the usual default, and what every release gets
_THREADS, _THREADS_EACH = 8, 4  # in all, and per processor: pools of TensorFlow and BLAS
# Machine code of `unsigned f(void)` in the System V ABI, which preserves rbx and returns eax.
_FEATURES = bytes([
    0x53,  # push rbx
    0xB8, 1, 0, 0, 0,  # mov eax, 1: the leaf of the features
    0x31, 0xC9,  # xor ecx, ecx
    0x0F, 0xA2,  # cpuid
    0x89, 0xC8,  # mov eax, ecx
    0x5B,  # pop rbx
    0xC3,  # ret
])  # fmt: skip
_SAVED = bytes([
    0x31, 0xC9,  # xor ecx, ecx
    0x0F, 0x01, 0xD0,  # xgetbv: the registers that the system saves
    0xC3,  # ret
])  # fmt: skip
_OSXSAVE, _AVX = 1 << 27, 1 << 28  # of the features in ecx
_SSE_AND_AVX = 0b110  # of the saved registers


def lacking(version):
    """Return a sentence about the first thing that this machine lacks for a release, or None."""
    return next(chain(_modules(), _processor(version), _memory(), _stack(), _threads()), None)


def _modules():
    for name, library in _MODULES.items():
        try:
            importlib.import_module(name)
        except ImportError as error:
            advice = "install the headers of %s and build that Python again" % library
            yield "its Python can't import %s (%s): %s" % (name, error, advice)


def _processor(version):
    if tuple(int(number) for number in version.split(".")[:2]) < _AVX_SINCE:
        return
    try:
        lacks_avx = has_avx() is False
    except (ImportError, OSError, MemoryError) as error:  # may be forbidden
        sys.stderr.write("%s: the processor could not be asked for AVX: %s\n" % (version, error))
        return
    if lacks_avx:
        yield "the processor has no AVX, or the system disables it: use another machine"


def has_avx():
    """Return whether programs can use AVX, or None on an architecture other than x86-64.

    It runs CPUID, since /proc/cpuinfo describes the host in an emulator. Raises OSError or
    MemoryError if the system forbids executing written memory.
    """
    if platform.machine() != "x86_64" or sys.maxsize < 2**32:
        return None
    features = _call(_FEATURES)
    if not features & _OSXSAVE or not features & _AVX:
        return False
    return _call(_SAVED) & _SSE_AND_AVX == _SSE_AND_AVX


def _call(code):
    """Return the result of a function without parameters, given as machine code."""
    import ctypes  # here, since not every Python has it

    access = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
    memory = mmap.mmap(-1, mmap.PAGESIZE, prot=access)
    memory.write(code)
    start = ctypes.c_char.from_buffer(memory)
    return ctypes.CFUNCTYPE(ctypes.c_uint32)(ctypes.addressof(start))()


def _memory():
    for limit, option in ((resource.RLIMIT_AS, "-v"), (resource.RLIMIT_DATA, "-d")):
        allowed = resource.getrlimit(limit)[0]
        if allowed != resource.RLIM_INFINITY and allowed < _MEMORY:
            numbers = (allowed // _MIB, _MEMORY // _MIB, option)
            yield "%d MiB of memory are allowed, and it needs %d: raise `ulimit %s`" % numbers


def _stack():
    most = resource.getrlimit(resource.RLIMIT_STACK)[1]
    if most != resource.RLIM_INFINITY and most < STACK:
        numbers = (most // 1024, STACK // 1024)
        yield "%d KiB of stack are allowed, and it needs %d: raise `ulimit -s`" % numbers


def _threads():
    try:
        processors = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        processors = os.cpu_count() or 1
    wanted = _THREADS + _THREADS_EACH * processors
    started = _startable(wanted)
    if started < wanted:
        limits = "raise `ulimit -u`, or the limit of processes of the container"
        yield "%d threads can be started, and it needs %d: %s" % (started, wanted, limits)


def _startable(wanted):
    """Return how many threads can run at once, up to ``wanted``."""
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
