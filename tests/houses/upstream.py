"""A Wikibase to connect to, for tests: an embedded repository of its own behind a server on loopback, with faults.

``Remote`` is edited as its users would; ``Connected`` is a data directory that follows it. Faults are answers that the
next requests get instead of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode
from wsgiref.util import setup_testing_defaults

from capx_graph import settings as setting_list
from capx_graph.accounts import Accounts
from capx_graph.check import Check
from capx_graph.connected import Pacing, RemoteCheck, sync_over
from capx_graph.model import Draft, EntityJson, Page
from capx_graph.ontology import Instance, load_instance
from capx_graph.opening import Graph, open_graph, open_repository
from capx_graph.provisioning import provision
from capx_graph.repository.editing.edit import Edit
from capx_graph.repository.editing.merging import merge_items
from capx_graph.repository.storage.transaction import Author
from capx_graph.repository.store import Repository, RepositorySettings
from capx_graph.repository.wsgi import WikiApp
from capx_graph.settings import Settings
from capx_graph.upstream import Sync
from tests.houses import loopback
from tests.houses.ready import copied
from tests.waiting import until

BASE = "http://wiki.example"
START = datetime(2026, 6, 1, tzinfo=UTC)

Fault = Callable[[dict[str, str]], "Answer | None"]


@dataclass(frozen=True)
class Answer:
    """An answer instead of the wiki's own."""

    body: bytes
    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    drops: float = 0.0
    """Seconds of the wiki's clock between the first byte and the rest."""


@dataclass
class Clock:
    """A clock that only moves when it is told to, or when somebody sleeps by it."""

    now: datetime = START
    slept: list[float] = field(default_factory=list)
    looks: int = 0
    """How often somebody who has a deadline has looked at it."""

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        self.looks += 1
        return (self.now - START).total_seconds()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def tick(self, seconds: float = 1.0) -> None:
        self.now += timedelta(seconds=seconds)


class Remote:
    """The wiki elsewhere, edited directly."""

    def __init__(self, repository: Repository, accounts: Accounts, address: str, clock: Clock) -> None:
        self.repository = repository
        self.accounts = accounts
        self.is_closed = False
        self.api = f"{address}/w/api.php"
        self.clock = clock
        self.faults: list[Fault] = []
        self.asked: list[dict[str, str]] = []
        self.agents: set[str] = set()
        self.sections: list[dict[str, str]] = []
        self.app: Any = None
        self.instance = load_instance("embedded")

    def item(self, label: str, *, claims: Sequence[tuple[str, str]] = (), entity_id: str = "") -> str:
        """Makes an item, with statements of (property name, item id)."""
        entity_id = entity_id or self.repository.allocate("item", 1)[0]
        self.write(entity(self.instance.property_id, entity_id, label, claims))
        return entity_id

    def write(self, entity_: EntityJson) -> None:
        self.repository.bulk([Draft(entity_)], actor="Somebody")

    def change(self, entity_id: str, **parts: Any) -> None:
        """A single edit: what else the entity says is not looked at again."""
        with self.repository.transaction() as transaction:
            page = transaction.page(entity_id)
            assert page is not None
            assert page.content is not None
            transaction.save({**page.content, **parts}, Author("Somebody"), page=page)

    def content(self, entity_id: str) -> Any:
        """An entity's JSON, to be changed at will."""
        page = self.repository.page(entity_id)
        assert page is not None
        return json.loads(json.dumps(page.entity))

    def label(self, entity_id: str, text: str) -> None:
        """Gives an entity another English label."""
        labels = self.content(entity_id)["labels"]
        self.change(entity_id, labels={**labels, "en": {"language": "en", "value": text}})

    def delete(self, entity_id: str) -> None:
        self.repository.delete([entity_id], actor="Admin")

    def undelete(self, entity_id: str) -> None:
        with self.repository.transaction() as transaction:
            page = transaction.page(entity_id)
            assert page is not None
            transaction.undelete(page, Author("Admin"))

    def redirect(self, entity_id: str, target: str) -> None:
        with self.repository.transaction() as transaction:
            page = transaction.page(entity_id)
            assert page is not None
            transaction.redirect(page, target, Author("Somebody"))

    def merge(self, entity_id: str, target: str) -> None:
        """Moves everything of an item into another, as ``wbmergeitems`` does; a redirect is left."""
        with self.repository.transaction() as transaction:
            merge_items(Edit(transaction), entity_id, target, ignore=(), author=Author("Somebody"))

    def vanish(self, entity_id: str) -> None:
        """Takes a page away without a line that whoever follows meets, as a suppression does."""
        self.clock.tick(-7200)
        self.delete(entity_id)
        self.clock.tick(7200)

    def own(self, sent: dict[str, str]) -> Any:
        """The wiki's own answer to a request, whatever its faults are."""
        environ: dict[str, Any] = {}
        setup_testing_defaults(environ)
        environ |= {"PATH_INFO": "/w/api.php", "QUERY_STRING": urlencode(sent), "REQUEST_METHOD": "GET"}
        answer = json.loads(b"".join(self.app(environ, lambda *_: None)))
        if "curtimestamp" in answer:
            answer["curtimestamp"] = self.clock.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        return answer

    def fail(self, *faults: Fault | Answer) -> None:
        """The next requests are answered so, one after another; a fault waits for a request that it answers."""
        self.faults += [fault if callable(fault) else _always(fault) for fault in faults]


def on(what: str, answer: Fault | Answer) -> Fault:
    """A fault that meets one kind of request: an action, or a list of the query module."""
    fault = answer if callable(answer) else _always(answer)
    return lambda sent: fault(sent) if what in (sent.get("action"), sent.get("list"), sent.get("generator")) else None


def _always(answer: Answer) -> Fault:
    return lambda _: answer


def entity(
    property_id: Callable[[str], str], entity_id: str, label: str, claims: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """An item in Wikibase's JSON."""
    grouped: dict[str, list[Any]] = {}
    for number, (name, target) in enumerate(claims):
        pid = property_id(name)
        value = {"entity-type": "item", "numeric-id": int(target[1:]), "id": target}
        grouped.setdefault(pid, []).append(
            {
                "mainsnak": {
                    "snaktype": "value",
                    "property": pid,
                    "datavalue": {"value": value, "type": "wikibase-entityid"},
                },
                "type": "statement",
                "rank": "normal",
                "id": f"{entity_id}$00000000-0000-4000-8000-{number:012d}",
            }
        )
    return {
        "type": "item",
        "id": entity_id,
        "labels": {"en": {"language": "en", "value": label}},
        "descriptions": {},
        "aliases": {},
        "claims": grouped,
        "sitelinks": {},
    }


@contextmanager
def remote_wiki(folder: Path, *, base: str = BASE, clock: Clock | None = None) -> Iterator[Remote]:
    """The wiki, with the ontology in it, served."""
    clock = clock or Clock()
    instance = load_instance("embedded")
    ids = RepositorySettings(
        site_name="Elsewhere",
        formatter_url=instance.property_id("formatterUrl"),
        formatter_uri=instance.property_id("formatterUri"),
    )
    if base == BASE:
        copied("remote", partial(_provision, instance=instance), folder)
    repository = Repository.open(folder, base=base, clock=clock, settings=ids)
    accounts = Accounts(folder)
    provision(repository, instance)
    remote = Remote(repository, accounts, "", clock)
    remote.app = WikiApp(repository, accounts)
    try:
        with loopback.waitress(_faulty(remote, remote.app), threads=2) as address:
            remote.api = f"{address}/w/api.php"
            yield remote
    finally:
        accounts.close()
        repository.close()


def _provision(folder: Path, *, instance: Instance) -> None:
    """Makes the wiki with the ontology alone; that it is written again below costs nothing then."""
    repository = Repository.open(folder, base=BASE, clock=Clock())
    provision(repository, instance)
    repository.close()


def _faulty(remote: Remote, app: Any) -> Any:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        sent = {name: values[-1] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        remote.asked.append(sent)
        remote.agents.add(environ.get("HTTP_USER_AGENT", ""))
        answer = remote.faults[0](sent) if remote.faults else None
        if answer is not None:
            remote.faults.pop(0)
            start_response(answer.status, list(answer.headers))
            return [answer.body] if not answer.drops else _dripping(remote, answer)
        if remote.is_closed and sent.get("meta") != "tokens" and "action" in sent and _is_stranger(app, environ):
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps({"error": {"code": "readapidenied", "info": "You need read permission."}}).encode()]
        if environ["REQUEST_METHOD"] == "POST" and (section := _section(environ)):
            remote.sections.append(section)
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps({"edit": {"result": "Success", "newrevid": 900 + len(remote.sections)}}).encode()]
        if "curtimestamp" not in sent:
            return app(environ, start_response)
        found = app(
            environ, lambda status, headers: start_response(status, [h for h in headers if "Length" not in h[0]])
        )
        return _with_clock(remote, found)

    return application


def _is_stranger(app: Any, environ: dict[str, Any]) -> bool:
    """Whether a request comes from nobody whom the wiki knows; what is signed is looked at when it is answered."""
    if "HTTP_AUTHORIZATION" in environ:
        return False
    asked = {**environ, "QUERY_STRING": "action=query&meta=userinfo&format=json&formatversion=2"}
    answer = json.loads(b"".join(app(asked, lambda *_: None)))
    return bool(answer["query"]["userinfo"].get("anon"))


def _section(environ: dict[str, Any]) -> dict[str, str]:
    """An edit of a page that is no entity's, which an embedded repository has none of."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    sent = {name: values[-1] for name, values in parse_qs(body.decode()).items()}
    return sent if sent.get("action") == "edit" else {}


def _dripping(remote: Remote, answer: Answer) -> Iterator[bytes]:
    """The rest comes late for whoever has begun to read: they look at the clock when the answer begins."""
    looks = remote.clock.looks
    yield answer.body[:1]
    until(lambda: remote.clock.looks > looks, what="the answer is being read")
    remote.clock.tick(answer.drops)
    yield answer.body[1:]


def _with_clock(remote: Remote, body: Iterable[bytes]) -> Iterable[bytes]:
    """The wiki's answers tell the time of its simulated clock."""
    answer = json.loads(b"".join(body))
    answer["curtimestamp"] = remote.clock.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return [json.dumps(answer).encode()]


@dataclass
class Connected:
    """A data directory that follows a remote wiki."""

    settings: Settings
    repository: Repository
    graph: Graph
    sync: Sync

    def page(self, entity_id: str) -> Page | None:
        return self.repository.page(entity_id)

    def label(self, entity_id: str) -> str | None:
        """The English label in the mirror."""
        page = self.page(entity_id)
        return page.entity["labels"]["en"]["value"] if page is not None and page.entity is not None else None

    def catch_up(self, *, thorough: bool = True) -> int:
        """One look and the graph after it; answers how many entities changed."""
        changed = self.sync.once(thorough=thorough).changed
        self.graph.ingest.catch_up()
        return changed

    def differences(self) -> list[str]:
        """Graph against mirror, and mirror against the remote's own pages."""
        return [str(one) for one in Check(self.graph.ingest).differences()]


def settings_for(remote: Remote, data: Path, **more: str) -> Settings:
    """Settings of a directory that is connected to the remote wiki."""
    given = {
        "CAPX_WIKIBASE_URL": remote.api,
        "CAPX_INSTANCE": "embedded",
        "CAPX_BASE": "http://capx.example",
        "CAPX_CONTACT": "tests@example.org",
        **more,
    }
    return setting_list.load(given, data=str(data))


@contextmanager
def connected(remote: Remote, data: Path, **more: str) -> Iterator[Connected]:
    """The directory, opened."""
    settings = settings_for(remote, data, **more)
    with ExitStack() as stack:
        repository = stack.enter_context(open_repository(settings))
        graph = stack.enter_context(open_graph(repository, settings))
        pacing = Pacing(remote.clock.seconds, remote.clock.sleep)
        sync = sync_over(repository, settings, pacing=pacing)
        stack.callback(sync.source.close)
        yield Connected(settings, repository, graph, sync)


def parted(remote: Remote, here: Connected) -> list[str]:
    """Where the mirror differs from what the remote wiki has."""
    theirs = {page.entity_id: _facts(page) for page in remote.repository.scan()}
    keeps = here.repository.keeps
    ours = {page.entity_id: _facts(page) for page in here.repository.scan() if not keeps(page.entity_id)}
    return sorted(id_ for id_ in theirs.keys() | ours.keys() if theirs.get(id_) != ours.get(id_))


def _facts(page: Page) -> Any:
    return (page.page_id, page.revision_id, page.redirect_to, page.modified, page.entity)


def remote_differences(here: Connected) -> list[str]:
    """What ``capx check --remote`` would print."""
    return [str(one) for one in RemoteCheck(here.graph.ingest, here.sync).differences()]
