"""Memory of a process that loads much and then serves for days: what is free goes back, what lasts is let alone. Leaf.

Measured among 10,000 people. Python's collector walks every object that may be part of a circle whenever enough new
ones were made: 0.17 s, in the middle of somebody's edit. And glibc gives each thread a heap of its own, up to eight a
core; building the graph left 220 MB in pieces between them, 490 MB instead of 270.
"""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

_ARENA_MAX = -8
_ARENAS = 2


def share_heaps() -> None:
    """Let all threads share two heaps; does something only before there are threads, and with glibc."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def settle() -> None:
    """What exists now is taken for lasting; still freed like anything else as soon as nobody refers to it."""
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
