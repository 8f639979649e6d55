"""What the repository says no to: one error with the code and the messages that Wikibase has for it.

Any room of the repository may import it. ``Malformed`` is JSON of a wrong shape; where it is met decides under
which code a client hears of it. Message names and parameters are part of Wikibase's interface: clients read them,
so the texts that go into parameters are its texts too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from capx_graph.errors import InvalidInput

_CODES_WITH_A_MESSAGE = frozenset(
    (
        *("badtoken", "cant-load-entity-content", "unresolved-redirect", "editconflict", "failed-modify"),
        *("failed-save", "invalid-guid", "invalid-json", "invalid-snak", "invalid-list", "invalid-property-id"),
        *("invalid-entity-id", "no-data", "no-external-page", "nosuchrevid", "no-such-claim", "no-such-entity"),
        *("no-such-entity-link", "no-such-reference", "no-such-site", "no-such-sitelink", "no-such-statement"),
        *("not-supported", "not-statement", "not-item", "not-recognized-datatype", "not-recognized-siteid"),
        *("not-recognized", "not-recognized-array", "not-recognized-language", "not-recognized-string"),
        *("param-missing", "param-illegal", "permissiondenied", "inconsistent-language", "inconsistent-site"),
        *("target-not-empty", "target-is-redirect", "target-is-incompatible", "cant-redirect", "wrong-class"),
    )
)
"""Codes whose message ``wikibase-api-<code>`` exists; under any other code the text itself is the parameter."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of MediaWiki by its name, with its parameters."""

    name: str
    parameters: tuple[object, ...] = ()


class Refused(InvalidInput):
    """A rule of Wikibase forbids it: ``code`` and ``messages`` are what its API answers.

    ``codes`` are further codes named beside the first in the header of the answer; ``data`` more keys of the error.
    """

    def __init__(
        self,
        text: str,
        *,
        code: str = "modification-failed",
        messages: tuple[Message, ...] = (),
        codes: tuple[str, ...] = (),
        data: dict[str, object] | None = None,
    ) -> None:
        super().__init__(text)
        self.code = code
        self.messages = messages
        self.codes = codes
        self.data = data or {}


class Malformed(Refused):
    """The JSON has not the shape of what it should be; ``str()`` is Wikibase's own text for it."""


def fault(text: str, code: str, *, parameters: tuple[object, ...] = ()) -> Refused:
    """A refusal under a code of its own."""
    if code not in _CODES_WITH_A_MESSAGE:
        parameters = (text,)
    return Refused(text, code=code, messages=(Message(f"wikibase-api-{code}", parameters),))


def refused_value(text: str, name: str, *parameters: object) -> Refused:
    """A value that a validator of Wikibase refuses, under the message ``wikibase-validator-<name>``."""
    return Refused(text, messages=(Message(f"wikibase-validator-{name}", parameters),))


def refuse_edit(text: str) -> NoReturn:
    """An operation that cannot be applied to this entity."""
    raise fault(text, "modification-failed")
