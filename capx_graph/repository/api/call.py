"""One request to the API as its modules see it: who asks, with which parameters, and where the data lies.

Rooms of the API import it. A module is a function from a ``Call`` to the JSON object of the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from capx_graph.errors import Forbidden, KeptByMaintainers
from capx_graph.repository.api.errors import ApiError, ErrorFormat, Warnings
from capx_graph.repository.api.parameters import Param, ParameterReader, Values
from capx_graph.repository.identity import AccountStore, Identity, Tokens
from capx_graph.repository.ratelimit import RateLimit
from capx_graph.repository.refusals import Message, Refused
from capx_graph.repository.store import Repository
from capx_graph.repository.terms import TermLookup
from capx_graph.repository.values.richformat import Label, RichFormat

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wiki:
    """Everything that modules work on."""

    repository: Repository
    accounts: AccountStore
    tokens: Tokens
    terms: TermLookup
    rate: RateLimit


@dataclass(slots=True)
class Reply:
    """What a module asks of the transport beside its JSON: a new session key, the end of one, or any at all."""

    session: str | None = None
    ended: bool = False
    needs_session: bool = False
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One request to one module."""

    wiki: Wiki
    identity: Identity
    module: str
    values: Values
    reader: ParameterReader
    warnings: Warnings
    errors: ErrorFormat
    reply: Reply
    language: str
    version: int
    posted: frozenset[str]
    client: str = ""

    @property
    def repository(self) -> Repository:
        """Where the data lies."""
        return self.wiki.repository

    def user_id(self, name: str) -> int:
        """The number of an account, 0 for none."""
        account = self.wiki.accounts.account(name)
        return account.user_id if account else 0

    def put_flag(self, target: Json, key: str, truth: bool) -> None:  # noqa: FBT001 - it is the value written
        """A truth value in the form of the asked version: the older one leaves out what is false."""
        if self.version > 1:
            target[key] = truth
        elif truth:
            target[key] = ""

    def warn(self, code: str, text: str) -> None:
        """A warning under this module's name."""
        self.warnings.add(self.module, code, text)

    def submodule(self, path: str, params: Collection[Param], prefix: str) -> Values:
        """The parameters of a part of the ``query`` module."""
        return self.reader.values(path, params, prefix=prefix)

    def fail(self, code: str, text: str) -> ApiError:
        """An error of this module."""
        return ApiError(code, text, module=self.module)

    def format(self, language: str | None = None) -> RichFormat:
        """Formats values for the reader."""
        chosen = language or self.language

        def label_of(entity_id: str) -> Label | None:
            return self.wiki.terms.label(entity_id, chosen)

        return RichFormat(chosen, label_of=label_of, exists=self.repository.exists)


@dataclass(frozen=True, slots=True)
class Module:
    """A module: its parameters, and what it demands of a request: a POST, or a POST with a csrf token."""

    run: Callable[[Call], Json]
    params: tuple[Param, ...] = ()
    prefix: str = ""
    posted: bool = False
    edits: bool = False


Modules = Mapping[str, Module]


def permission_denied(*more: Message) -> Refused:
    """Somebody may not do this."""
    messages = (Message("wikibase-api-permissiondenied"), *more)
    return Refused("you may not do this", code="permissiondenied", messages=messages)


def missing_groups(site_name: str) -> Message:
    """Only members may edit."""
    return Message("badaccess-groups", ({"list": [f"[[{site_name}:Users|Users]]"], "type": "comma"}, 1))


def denied_to_others(error: Forbidden) -> Refused:
    """The page is for somebody else to edit: its owner or managers, or the maintainers of the directory."""
    whose = "maintainer" if isinstance(error, KeptByMaintainers) else "owner"
    messages = (Message("wikibase-api-permissiondenied"), Message("protectedpagetext", (whose, "edit")))
    return Refused(str(error), code="permissiondenied", messages=messages)
