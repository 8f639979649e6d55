"""What the repository says no to: one error with the code and the messages that Wikibase has for it.

Any room of the repository may import it. ``Malformed`` is JSON of a wrong shape, ``Refused`` a value or an edit
that a rule forbids; the doors of the Action API choose the final code, so a refusal only proposes one.
"""

from __future__ import annotations

from dataclasses import dataclass

from capx_graph.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Message:
    """A message of MediaWiki by its name, with its parameters."""

    name: str
    parameters: tuple[object, ...] = ()


class Refused(InvalidInput):
    """A rule of Wikibase forbids it: ``code`` and ``messages`` are what its API would answer."""

    def __init__(self, text: str, *, code: str = "modification-failed", messages: tuple[Message, ...] = ()) -> None:
        super().__init__(text)
        self.code = code
        self.messages = messages


class Malformed(Refused):
    """The JSON has not the shape of what it should be."""


def refused_value(text: str, name: str, *parameters: object) -> Refused:
    """A value that a validator of Wikibase refuses, under the message ``wikibase-validator-<name>``."""
    return Refused(text, messages=(Message(f"wikibase-validator-{name}", parameters),))
