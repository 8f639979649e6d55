"""What becomes of a text that is here, there, or both: the rules of the exchange, without a wiki.

This package, jobs and the command line import it. ``synced`` is the fingerprint of the text that both sides had when
they were last in step; it is what makes a merge of three out of a comparison of two.

* Alike: nothing. Missing on one side: filled from the other, unless it was there before and was taken away since.
* In step before, changed on one side since: that side.  On both: for a person.
* Never in step: the newer, where both times are known and differ; else for a person.
* A text that awaits review never replaces one, and one that is marked as outdated is never taken over.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from capx_graph.translation.catalogue import Text


class Action(StrEnum):
    """What is to be done with a text."""

    SAME = "same"
    PULL = "pull"
    PUSH = "push"
    PERSON = "person"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Decision:
    """An action and why, in a few words."""

    action: Action
    why: str


def fingerprint(text: str) -> str:
    """A text as it is remembered."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def decide(here: Text | None, there: Text | None, synced: str | None) -> Decision:
    """What becomes of a text; an empty text counts as none."""
    ours = here if here is not None and here.text else None
    theirs = there if there is not None and there.text else None
    if ours is None and theirs is None:
        return Decision(Action.LEAVE, "nothing anywhere")
    if theirs is None:
        assert ours is not None
        return _only_here(ours, synced)
    if ours is None:
        return _only_there(theirs, synced)
    if ours.text == theirs.text:
        return Decision(Action.SAME, "alike")
    return _differing(ours, theirs, synced)


def _only_here(here: Text, synced: str | None) -> Decision:
    if synced is not None:
        return Decision(Action.PERSON, "was taken away there")
    if here.draft:
        return Decision(Action.LEAVE, "awaits review here")
    return Decision(Action.PUSH, "missing there")


def _only_there(there: Text, synced: str | None) -> Decision:
    if there.draft:
        return Decision(Action.LEAVE, "marked as outdated there")
    if synced is not None:
        return Decision(Action.PERSON, "was taken away here")
    return Decision(Action.PULL, "missing here")


def _differing(here: Text, there: Text, synced: str | None) -> Decision:
    if here.draft:
        decision = Decision(Action.PULL, "awaits review here")
    elif synced == fingerprint(there.text):
        decision = Decision(Action.PUSH, "changed here")
    elif synced == fingerprint(here.text):
        decision = Decision(Action.PULL, "changed there")
    elif synced is not None:
        decision = Decision(Action.PERSON, "changed on both sides")
    elif here.at is None or there.at is None:
        decision = Decision(Action.PERSON, "differ, and when each was written is not known")
    elif here.at == there.at:
        decision = Decision(Action.PERSON, "differ, written at the same time")
    else:
        newer = here.at > there.at
        decision = Decision(Action.PUSH if newer else Action.PULL, "newer here" if newer else "newer there")
    if decision.action is Action.PULL and there.draft:
        return Decision(Action.PERSON, "differ, and it is marked as outdated there")
    return decision
