"""Every error this system raises on purpose, as one tree; anyone may import it.

A message names what is wrong, where, and how to mend it, in one line that a person can act on.
Foreign exceptions (SQLite, pyoxigraph, requests ...) are translated where they arise.

CapxError
├── InvalidInput                what was handed in is wrong: mend the input
│   ├── InvalidSetting          a CAPX_ variable or a line of the TOML file
│   ├── InvalidParameter        a parameter of a request, a query or a command
│   ├── InvalidRecord           a record of an import: file, line, field, value, rule
│   ├── InvalidTerm             text that is no IRI, language tag or literal
│   ├── EditRefused             a wiki refused an edit by one of its rules; carries its code and messages
│   └── ShapeViolation          SHACL found violations; carries them
├── NotFound                    no such entity, account, query, file
├── Conflict                    somebody else changed it first, or a name is taken
├── Forbidden                   not allowed for this account
├── QueryFailed                 the engine refused or failed to evaluate a query
├── DataError                   stored data is not as it should be
│   ├── OntologyError           ontology/, shapes/ or queries/ contradict themselves
│   └── BaseMismatch            the data directory belongs to another concept base
└── Unavailable                 cannot be served now
    ├── StoreLocked             another process holds the graph
    ├── RateLimited             too many edits; says until when
    └── OutcomeUnknown          the connection broke: an edit may or may not have been saved
"""

from __future__ import annotations

from datetime import datetime


class CapxError(Exception):
    """Root of the tree. ``str(error)`` is one line fit for a person."""


class InvalidInput(CapxError):
    """What was handed in is wrong."""


class InvalidSetting(InvalidInput):
    """A setting has a value that it cannot have."""


class InvalidParameter(InvalidInput):
    """A parameter has a value that it cannot have.

    ``name`` is the parameter as the caller wrote it, ``value`` what was given.
    """

    def __init__(self, name: str, value: object, rule: str) -> None:
        super().__init__(f"{name}={value!r}: {rule}")
        self.name = name
        self.value = value
        self.rule = rule


class InvalidRecord(InvalidInput):
    """A record of an import cannot be taken: ``where`` is file and line, ``field`` and ``value`` the culprit."""

    def __init__(self, where: str, field: str, value: object, rule: str) -> None:
        super().__init__(f"{where}: {field}={value!r}: {rule}")
        self.where = where
        self.field = field
        self.value = value
        self.rule = rule


class InvalidTerm(InvalidInput):
    """Text that does not form an RDF term."""


class ShapeViolation(InvalidInput):
    """SHACL found violations; ``messages`` holds them, one sentence each."""

    def __init__(self, messages: tuple[str, ...]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


class EditRefused(InvalidInput):
    """A wiki refused an edit: ``code`` is its API's, ``messages`` the names of the rules it gives."""

    def __init__(self, code: str, text: str, messages: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.code = code
        self.messages = messages


class NotFound(CapxError):
    """There is no such thing here."""


class Conflict(CapxError):
    """Somebody else was first."""


class Forbidden(CapxError):
    """This account may not do that."""


class QueryFailed(CapxError):
    """The SPARQL engine refused or failed a query; the message is the engine's."""


class DataError(CapxError):
    """Stored data is not as it should be."""


class OntologyError(DataError):
    """The data files of the house contradict themselves: a term without mapping, a query without header."""


class BaseMismatch(DataError):
    """The data directory was made for another concept base; ``capx rebase`` changes it."""


class Unavailable(CapxError):
    """Cannot be served now; trying again later may help."""


class StoreLocked(Unavailable):
    """Another process has the graph open."""


class RateLimited(Unavailable):
    """Too many edits in a short time; ``until`` is when the next one may be tried."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"too many edits; try again after {until:%H:%M:%S} UTC")
        self.until = until


class OutcomeUnknown(Unavailable):
    """The connection broke after an edit was sent: look before repeating it."""
