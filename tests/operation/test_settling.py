"""Memory of a process that serves for days."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys
import weakref

import pytest

from capx_graph.settling import settle

THREADS = 6
ASKING = f"""
import ctypes, sys
from threading import Barrier, Thread
from capx_graph.settling import share_heaps

def ask(met):
    kept = bytearray(4096)
    met.wait()

if "shared" in sys.argv:
    share_heaps()
met = Barrier({THREADS})
threads = [Thread(target=ask, args=[met]) for _ in range({THREADS})]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
share_heaps()  # later it does no harm
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""
"""A process whose threads have memory at the same time tells which heaps it has."""


class Thing:
    """Something that can be seen to go."""


def test_what_was_loaded_is_walked_no_more_and_goes_when_nobody_has_it() -> None:
    thing = Thing()
    gone = weakref.ref(thing)
    try:
        settle()
        assert not any(each is thing for each in gc.get_objects())
        del thing
        assert gone() is None
    finally:
        gc.unfreeze()


def heaps(*words: str) -> int:
    told = subprocess.run([sys.executable, "-c", ASKING, *words], capture_output=True, text=True, check=True).stdout
    return told.count("<heap nr=")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="needs glibc, as what it tests does")
def test_threads_share_two_heaps_when_that_is_asked_for_first() -> None:
    assert heaps("shared") == 2
    assert heaps() > 2
