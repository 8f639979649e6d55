"""The errors that rooms share, as one tree; a room may derive its own from them.

A message names what is wrong, where, and how to mend it, in one line that a person can act on.
Foreign exceptions (SQLite, pyoxigraph, requests ...) are translated where they arise.

CapxError
├── InvalidInput                what was handed in is wrong: mend the input
│   ├── InvalidSetting          a CAPX_ variable or a line of the TOML file
│   ├── InvalidParameter        a parameter of a request, a query or a command
│   ├── InvalidRecord           a record of an import: file, line, field, value, rule
│   ├── InvalidTerm             text that is no IRI, language tag or literal
│   ├── ShapeViolation          SHACL found violations; carries them
│   ├── EditRefused             a wiki refused an edit by one of its rules; carries its code and messages
│   └── InvalidQuery            a stranger's SPARQL that cannot be read; carries line and column
├── NotFound                    no such entity, account, query, file
├── Conflict                    somebody else changed it first, or a name is taken
├── Forbidden                   not allowed for this account
│   ├── KeptByMaintainers       a part of the directory or the ontology that its maintainers change
│   ├── SessionEnded            a wiki does not know any more who is editing: log in again
│   ├── LoginRefused            a wiki elsewhere did not let this site in; what it may do there is another matter
│   ├── UpdateRefused           an update was sent to where queries only are answered
│   └── ServiceRefused          a query calls a service that is not called from here
├── QueryFailed                 the engine refused or failed to evaluate a query
├── LimitExceeded               a stranger's query took more than it may; names the limit
│   ├── QueryTooLong            more time
│   └── QueryTooLarge           more memory, a larger result or text
├── ServiceFailed               another SPARQL endpoint could not be asked, or answered nothing of use
├── NotDelivered                somebody cannot be written to
├── DataError                   stored data is not as it should be
│   ├── OntologyError           ontology/, shapes/ or queries/ contradict themselves
│   └── BaseMismatch            the data directory belongs to another concept base
└── Unavailable                 cannot be served now
    ├── StoreLocked             another process holds the graph
    ├── RateLimited             no edits now; says until when
    ├── EngineSilent            the engine that has the graph does not answer; says since when
    ├── WorkersBusy             every process that answers queries has work; says when to come back
    ├── AllowanceSpent          one client used more than it may, most often query time; says when
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


class InvalidQuery(InvalidInput):
    """A SPARQL query that cannot be read: ``line`` and ``column`` count from 1, in the text as it was sent."""

    def __init__(self, rule: str, *, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {rule}")
        self.rule = rule
        self.line = line
        self.column = column


class NotFound(CapxError):
    """There is no such thing here."""


class Conflict(CapxError):
    """Somebody else was first."""


class Forbidden(CapxError):
    """This account may not do that."""


class KeptByMaintainers(Forbidden):
    """The structure of the directory, and the ontology, are changed by maintainers."""


class SessionEnded(Forbidden):
    """A wiki does not know any more who is editing: its token or session ran out."""


class LoginRefused(Forbidden):
    """A wiki elsewhere did not let this site in; that says nothing of what it may do there."""


class UpdateRefused(Forbidden):
    """An update was sent to an endpoint that answers queries only."""


class ServiceRefused(Forbidden):
    """A query calls a service that is not among those called from here."""


class QueryFailed(CapxError):
    """The SPARQL engine refused or failed a query; the message is the engine's."""


class LimitExceeded(CapxError):
    """A stranger's query took more than it may; the message names the limit."""


class QueryTooLong(LimitExceeded):
    """The query ran past its deadline."""


class QueryTooLarge(LimitExceeded):
    """The query, its result or the memory it needs is larger than the cap."""


class ServiceFailed(CapxError):
    """Another SPARQL endpoint could not be asked, or what it answered is of no use."""


class NotDelivered(CapxError):
    """Somebody cannot be written to."""


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
    """No edits now, most often because there were too many; ``until`` is when the next one may be tried."""

    def __init__(self, until: datetime, why: str = "too many edits") -> None:
        super().__init__(f"{why}; try again after {until:%H:%M:%S} UTC")
        self.until = until


class EngineSilent(Unavailable):
    """The engine elsewhere has not answered ``since`` then; ``retry_after`` seconds from now it is asked again."""

    def __init__(self, text: str, *, since: datetime, retry_after: int) -> None:
        super().__init__(text)
        self.since = since
        self.retry_after = retry_after


class WorkersBusy(Unavailable):
    """Every process that answers queries has work; ``retry_after`` seconds from now one may be free."""

    def __init__(self, text: str, *, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class AllowanceSpent(Unavailable):
    """One client used more of something than it may; ``retry_after`` seconds from now it has some again."""

    def __init__(self, text: str, *, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class OutcomeUnknown(Unavailable):
    """The connection broke after an edit was sent: look before repeating it."""


NO_ANSWER = (QueryFailed, LimitExceeded, Unavailable)
"""What the engine of a graph may raise where an answer was expected; it may answer later."""
