"""Every setting of the service, as one list with help; anyone may import this leaf.

A setting is an environment variable ``CAPX_NAME`` and a line ``name = value`` of a TOML file (``CAPX_CONFIG``,
else ``capx.toml`` in the data directory); the environment wins. ``capx settings`` prints the list.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from capx_graph.errors import InvalidSetting

PREFIX = "CAPX_"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its lower-case name, the text of its default, one sentence of help."""

    name: str
    default: str
    help: str
    secret: bool = False

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()


SETTINGS: tuple[Setting, ...] = (
    Setting("data", "data", "Durable files: the repository and the private store."),
    Setting("cache", "", "Disposable files: graph, indexes, snapshots; empty means cache/ in the data directory."),
    Setting(
        "tombstones",
        "",
        "A file that keeps, as keyed hashes, who was erased; it lies outside what a back-up of the data directory "
        "restores; empty means beside the data directory, with its name and .tombstones.",
    ),
    Setting("config", "", "A TOML file of settings; empty means capx.toml in the data directory."),
    Setting(
        "base",
        "",
        "The address under which entities have their IRIs, without a trailing slash; fixed when the data directory "
        "is made; empty means http://127.0.0.1:8000 for a new directory, the kept one afterwards.",
    ),
    Setting("host", "127.0.0.1", "The address that capx serve listens on."),
    Setting("port", "8000", "The port that capx serve listens on."),
    Setting(
        "hosts",
        "",
        "Hosts at which the site is reached besides that of the base, such as www.example.org, separated by commas: "
        "site maps and manifests name the host that was asked, where it is one of these.",
    ),
    Setting(
        "proxy",
        "",
        "The address of the web server in front of this one, such as 127.0.0.1: what it says of the client in "
        "X-Forwarded-For and X-Forwarded-Proto is believed, so that limits count clients; empty: there is none.",
    ),
    Setting("dump_hour", "3", "The hour (UTC, 0 to 23) at which capx serve publishes dumps, or never."),
    Setting("threads", "16", "Threads that answer requests; queries at /sparql leave two of them to pages."),
    Setting("site_name", "capx-graph", "The name of the site, shown on its pages and by the Action API."),
    Setting("source", "", "The address of the source of this program, linked from every page (AGPL, section 13)."),
    Setting("languages", "en", "Interface languages to fall back to, best first, separated by commas."),
    Setting("mul", "no", "Whether 'mul' (all languages) may be the language of a label: yes or no."),
    Setting(
        "edits_per_minute",
        "90",
        "How many edits a minute an account may make over HTTP that is neither bot nor sysop; 0 means any number.",
    ),
    Setting(
        "registration",
        "",
        "Whether anybody may register an account with a password: yes or no; empty means yes, unless CAPX_OAUTH_URL "
        "names a wiki to sign in with.",
    ),
    Setting(
        "oauth_url",
        "",
        "A MediaWiki with the OAuth extension to sign in with, such as https://meta.wikimedia.org, or where its "
        "scripts are, if not in /w; empty: local accounts only.",
    ),
    Setting(
        "oauth_client", "", "The key of this site's consumer there; its callback is /signin/callback of this site."
    ),
    Setting("oauth_secret", "", "That consumer's secret.", secret=True),
    Setting("oauth_version", "2", "The protocol of that consumer: 2, or 1 for OAuth 1.0a."),
    Setting("now", "", "Fixes the clock at this instant, such as 2026-06-01T00:00:00Z, for reproducible runs."),
    Setting("checkup_hours", "24", "How often capx serve checks all records against the shapes; 0 means never."),
    Setting(
        "smallest_cell",
        "5",
        "The smallest number of people that analytics show where it could point to somebody; 0 or 1 shows all.",
    ),
    Setting("contact", "", "An address or page put into the User-Agent of outgoing requests."),
    Setting("meta_api", "https://meta.wikimedia.org/w/api.php", "The API of the wiki to exchange translations with."),
    Setting("meta_bundle", "Module:CapacityExchange/capacities.json", "The message bundle there."),
    Setting("meta_user", "", "A bot password's name there, such as Ana@capx, for capx translate push."),
    Setting("meta_password", "", "The bot password of CAPX_META_USER.", secret=True),
    Setting("meta_token", "", "Instead of both: the access token of an owner-only OAuth 2 consumer.", secret=True),
    Setting("meta_account", "", "The account here under which capx translate pull and import edit."),
    Setting("sparql_timeout", "30", "Seconds that a query at /sparql may take."),
    Setting("sparql_memory", "2048", "MiB of memory that the process of one query may use."),
    Setting("sparql_result", "64", "MiB that the result of one query may have."),
    Setting("sparql_workers", "0", "Processes that answer queries at /sparql; 0 means one a processor, at least two."),
    Setting(
        "sparql_allowance",
        "120",
        "Seconds of query time that one client address may owe, as the clock pays back one a second; 0 for no limit.",
    ),
    Setting(
        "sparql_services",
        "https://query.wikidata.org/sparql,https://commons-query.wikimedia.org/sparql",
        "Endpoints that a query may call by SERVICE, separated by commas, or none. A host given as a number may be one "
        "of your own network.",
    ),
    Setting("sparql_url", "", "A SPARQL 1.1 engine that shall hold the graph, by its query address; empty: our own."),
    Setting("sparql_update_url", "", "Where that engine takes updates; empty means the query address."),
    Setting("sparql_store_url", "", "Where it speaks the Graph Store Protocol, for fast rebuilds; empty: by updates."),
    Setting("sparql_user", "", "The user that this service is there, by HTTP Basic; empty for none."),
    Setting("sparql_password", "", "That user's password.", secret=True),
)

DEFAULT_BASE = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class SparqlSettings:
    """What strangers' queries may take and call; ``memory`` and ``result`` are in bytes."""

    timeout: float
    memory: int
    result: int
    workers: int
    allowance: float
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Where an engine elsewhere answers that holds the graph; ``load`` is empty where it has no such address."""

    query: str
    update: str
    load: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MetaSettings:
    """The wiki and the bundle to exchange translations with, who edits there, and which account edits here."""

    api: str
    bundle: str
    user: str
    password: str = field(repr=False)
    token: str = field(repr=False)
    account: str


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """A wiki to sign in with, and this site's consumer there; ``protocol`` is 2, or 1 for OAuth 1.0a."""

    url: str
    client: str
    secret: str = field(repr=False)
    protocol: int = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process, parsed. ``base`` is None where none was given."""

    data: Path
    cache: Path
    tombstones: Path
    base: str | None
    host: str
    port: int
    hosts: frozenset[str]
    proxy: str
    dump_hour: int | None
    threads: int
    site_name: str
    source: str
    languages: tuple[str, ...]
    mul: bool
    edits_per_minute: int | None
    registration: bool
    sign_in: SignInSettings | None
    fixed_now: datetime | None
    checkup_hours: int
    smallest_cell: int
    contact: str
    sparql: SparqlSettings
    engine: EngineSettings | None
    meta: MetaSettings

    def now(self) -> datetime:
        """The present time (UTC), or the instant that ``CAPX_NOW`` fixes."""
        return self.fixed_now or datetime.now(UTC)


def load(environ: Mapping[str, str], *, data: str | None = None) -> Settings:
    """Settings from the environment and the TOML file; raises InvalidSetting naming the setting and the rule.

    ``data`` (the command line's ``--data``) wins over both.
    """
    values = texts(environ, data=data)
    directory = Path(values["data"])
    return Settings(
        data=directory,
        cache=Path(values["cache"]) if values["cache"] else directory / "cache",
        tombstones=Path(values["tombstones"]) if values["tombstones"] else _beside(directory),
        base=_parsed(values, "base", _base) if values["base"] else None,
        host=values["host"],
        port=_parsed(values, "port", lambda text: _whole(text, 0, 65535)),
        hosts=frozenset(part.strip().lower() for part in values["hosts"].split(",") if part.strip()),
        proxy=_parsed(values, "proxy", _number_of_host),
        dump_hour=None if values["dump_hour"] == "never" else _parsed(values, "dump_hour", lambda t: _whole(t, 0, 23)),
        threads=_parsed(values, "threads", lambda text: _whole(text, 1, 256)),
        site_name=values["site_name"],
        source=_parsed(values, "source", _page),
        languages=tuple(part.strip() for part in values["languages"].split(",") if part.strip()) or ("en",),
        mul=_parsed(values, "mul", _yes_or_no),
        edits_per_minute=_parsed(values, "edits_per_minute", lambda text: _whole(text, 0, 1_000_000)) or None,
        registration=_parsed(values, "registration", _yes_or_no) if values["registration"] else not values["oauth_url"],
        sign_in=_sign_in(values) if values["oauth_url"] else None,
        fixed_now=_parsed(values, "now", instant) if values["now"] else None,
        checkup_hours=_parsed(values, "checkup_hours", lambda text: _whole(text, 0, 8784)),
        smallest_cell=_parsed(values, "smallest_cell", lambda text: _whole(text, 0, 1000)),
        contact=values["contact"],
        sparql=_sparql(values),
        engine=_engine(values) if values["sparql_url"] else None,
        meta=_meta(values),
    )


def texts(environ: Mapping[str, str], *, data: str | None = None) -> dict[str, str]:
    """Every setting as text, by name: given, from the file, or its default; not yet checked."""
    given = {s.name: environ[s.variable] for s in SETTINGS if environ.get(s.variable)}
    if data:
        given["data"] = data
    directory = Path(given.get("data", _default("data")))
    return {s.name: s.default for s in SETTINGS} | _from_file(given, directory) | given


def _sparql(values: Mapping[str, str]) -> SparqlSettings:
    return SparqlSettings(
        timeout=_parsed(values, "sparql_timeout", lambda text: _whole(text, 1, 3600)),
        memory=_parsed(values, "sparql_memory", lambda text: _whole(text, 128, 1 << 20)) << 20,
        result=_parsed(values, "sparql_result", lambda text: _whole(text, 1, 1 << 20)) << 20,
        workers=_parsed(values, "sparql_workers", lambda text: _whole(text, 0, 64)) or max(2, os.cpu_count() or 1),
        allowance=_parsed(values, "sparql_allowance", lambda text: _whole(text, 0, 86400)),
        services=_parsed(values, "sparql_services", _addresses),
    )


def _engine(values: Mapping[str, str]) -> EngineSettings:
    query = _parsed(values, "sparql_url", _page)
    return EngineSettings(
        query=query,
        update=_parsed(values, "sparql_update_url", _page) or query,
        load=_parsed(values, "sparql_store_url", _page),
        user=values["sparql_user"],
        password=values["sparql_password"],
    )


def _meta(values: Mapping[str, str]) -> MetaSettings:
    return MetaSettings(
        api=_parsed(values, "meta_api", _page),
        bundle=values["meta_bundle"],
        user=values["meta_user"],
        password=values["meta_password"],
        token=values["meta_token"],
        account=values["meta_account"],
    )


def _sign_in(values: Mapping[str, str]) -> SignInSettings:
    for name in ("oauth_client", "oauth_secret"):
        if not values[name]:
            raise InvalidSetting(f"{PREFIX}{name.upper()} is needed with {PREFIX}OAUTH_URL")
    return SignInSettings(
        url=_parsed(values, "oauth_url", _page),
        client=values["oauth_client"],
        secret=values["oauth_secret"],
        protocol=_parsed(values, "oauth_version", lambda text: _whole(text, 1, 2)),
    )


def instant(text: str) -> datetime:
    """A UTC datetime from ISO 8601 text with a zone; raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("the instant needs a time zone, such as a final Z")
    return moment.astimezone(UTC)


def _beside(directory: Path) -> Path:
    whole = directory.resolve()
    return whole.with_name(f"{whole.name}.tombstones")


def _default(name: str) -> str:
    return next(s.default for s in SETTINGS if s.name == name)


def _from_file(given: Mapping[str, str], directory: Path) -> dict[str, str]:
    named = given.get("config")
    path = Path(named) if named else directory / "capx.toml"
    if not path.exists():
        if named:
            raise InvalidSetting(f"{PREFIX}CONFIG={named!r}: there is no such file")
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidSetting(f"{path} is not valid TOML: {error}") from error
    known = {s.name for s in SETTINGS} - {"data", "config"}
    for name in table:
        if name not in known:
            raise InvalidSetting(f"{path}: there is no setting {name!r}; 'capx settings' lists them")
    return {name: _text(value) for name, value in table.items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    return str(value)


def _parsed(values: Mapping[str, str], name: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(values[name])
    except ValueError as error:
        raise InvalidSetting(f"{PREFIX}{name.upper()}={values[name]!r}: {error}") from error


def _whole(text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ValueError(f"must be a whole number from {least} to {most}")
    return int(text)


def _yes_or_no(text: str) -> bool:
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if text.lower() not in words:
        raise ValueError("must be yes or no")
    return words[text.lower()]


def _number_of_host(text: str) -> str:
    if text:
        ipaddress.ip_address(text)
    return text


def _page(text: str) -> str:
    if text and urlsplit(text).scheme not in ("http", "https"):
        raise ValueError("must be an http or https address")
    return text


def _addresses(text: str) -> frozenset[str]:
    found = [part.strip() for part in text.split(",") if part.strip() and part.strip() != "none"]
    if any(urlsplit(part).scheme not in ("http", "https") or not urlsplit(part).hostname for part in found):
        raise ValueError("must be http or https addresses, separated by commas, or none")
    return frozenset(found)


def _base(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("must be an http or https address, such as https://capx.example.org")
    return text.rstrip("/")
