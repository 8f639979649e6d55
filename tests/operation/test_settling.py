"""Memory of a process that serves for days."""

from __future__ import annotations

import gc
import weakref

from capx_graph.settling import settle, share_heaps


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


def test_heaps_can_be_shared_at_any_time() -> None:
    """It is asked for first of all, where it matters; later it does no harm."""
    share_heaps()
    share_heaps()
