"""A line for a person that a page can say in its reader's language: English text that knows which message it is.

Given out by the package. Rooms below the pages hand such lines up, in errors or as problems of a field; commands and
JSON write them as they are, pages write ``within`` the reader's messages. The words are in the message files alone.
"""

from __future__ import annotations

from capx_graph.errors import CapxError, InvalidParameter, OutcomeUnknown, RateLimited
from capx_graph.messages.catalogue import load_messages
from capx_graph.messages.translator import Parameter, Translator
from capx_graph.resources import messages_dir

_WITHOUT_ISOLATES = {ord("\u2068"): None, ord("\u2069"): None}


class Told(str):
    """A line in English, with the message that it is."""

    __slots__ = ("message", "parameters")

    message: str
    parameters: tuple[Parameter, ...]

    def within(self, tr: Translator) -> str:
        """The line in the language of these messages."""
        return tr.text(self.message, *self.parameters)


def told(message: str, *parameters: Parameter) -> Told:
    """The line that a message is; a text in it is kept short by whoever gives it."""
    text = load_messages(messages_dir()).translator("en").text(message, *parameters)
    line = Told(text.translate(_WITHOUT_ISOLATES))
    line.message, line.parameters = message, parameters
    return line


def line_of(error: CapxError) -> str:
    """What an error says to a person: the rule where it names a parameter, all of it otherwise."""
    if isinstance(error, RateLimited):
        return told("refused-often")
    if isinstance(error, OutcomeUnknown):
        return told("refused-unknown")
    first = error.rule if isinstance(error, InvalidParameter) else error.args[0] if error.args else ""
    return first if isinstance(first, Told) else str(error)
