"""Ask the processor itself what it can do, by a few bytes of machine code.

/proc/cpuinfo answers for the machine below: under an emulator it lists what the emulated
processor lacks. Only x86-64 has these instructions; elsewhere there is nothing to ask.
"""

import mmap
import platform
import sys

# unsigned f(void), as the System V ABI calls it, which keeps rbx and returns eax
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


def has_avx():
    """Tell whether programs can use AVX here; None on another architecture.

    Raises OSError or MemoryError where a process may not run code that it wrote.
    """
    if platform.machine() != "x86_64" or sys.maxsize < 2**32:
        return None
    features = _call(_FEATURES)
    if not features & _OSXSAVE or not features & _AVX:
        return False
    return _call(_SAVED) & _SSE_AND_AVX == _SSE_AND_AVX


def _call(code):
    """Return what a function of machine code returns; it takes nothing."""
    import ctypes  # not before somebody asks: not every Python has it

    access = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
    memory = mmap.mmap(-1, mmap.PAGESIZE, prot=access)
    memory.write(code)
    start = ctypes.c_char.from_buffer(memory)
    return ctypes.CFUNCTYPE(ctypes.c_uint32)(ctypes.addressof(start))()
