"""A line for a person that a page can say in its reader's language: English text that knows which message it is.

Given out by the package. Rooms below the pages hand such lines up, in errors or as problems of a field; commands and
JSON write them as they are, pages write ``within`` the reader's messages. The words are in the message files alone;
what else an error holds is English, for programs and operators.
"""

from __future__ import annotations

from collections.abc import Mapping

from capx_graph import errors
from capx_graph.errors import CapxError, EditRefused, InvalidParameter, InvalidQuery
from capx_graph.messages.catalogue import load_messages
from capx_graph.messages.translator import Parameter, Translator
from capx_graph.resources import messages_dir

SAID: Mapping[type[CapxError], str] = {
    CapxError: "error-500-title",
    errors.InvalidInput: "refused-input",
    errors.InvalidSetting: "error-500-title",
    errors.InvalidParameter: "mend-rule",
    errors.InvalidRecord: "refused-input",
    errors.InvalidTerm: "refused-input",
    errors.ShapeViolation: "refused-input",
    errors.EditRefused: "refused-edit",
    errors.InvalidQuery: "refused-query",
    errors.NotFound: "refused-gone",
    errors.Conflict: "error-409-title",
    errors.Forbidden: "error-403-title",
    errors.KeptByMaintainers: "refused-maintainers",
    errors.SessionEnded: "refused-ended",
    errors.LoginRefused: "refused-login",
    errors.UpdateRefused: "refused-update",
    errors.ServiceRefused: "refused-service",
    errors.QueryFailed: "refused-engine",
    errors.LimitExceeded: "refused-limit",
    errors.QueryTooLong: "refused-slow",
    errors.QueryTooLarge: "refused-large",
    errors.ServiceFailed: "refused-asked",
    errors.NotDelivered: "refused-delivery",
    errors.DataError: "error-500-title",
    errors.OntologyError: "error-500-title",
    errors.BaseMismatch: "error-500-title",
    errors.Unavailable: "error-503-title",
    errors.StoreLocked: "error-503-title",
    errors.RateLimited: "refused-often",
    errors.EngineSilent: "error-503-title",
    errors.WorkersBusy: "refused-busy",
    errors.AllowanceSpent: "error-429-title",
    errors.OutcomeUnknown: "refused-unknown",
}
"""What an error of each class says to a reader where it was not raised with a line that knows its message."""

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


def line_of(error: CapxError) -> Told:
    """What an error says to a person: the line that it was raised with, or what any error of its class says."""
    first = error.rule if isinstance(error, InvalidParameter) else error.args[0] if error.args else ""
    if isinstance(first, Told):
        return first
    message = next(SAID[kind] for kind in type(error).__mro__ if kind in SAID)
    return told(message, *_details(error))


def _details(error: CapxError) -> tuple[Parameter, ...]:
    if isinstance(error, EditRefused):
        return (error.code,)
    if isinstance(error, InvalidQuery):
        return error.line, error.column
    return ()
