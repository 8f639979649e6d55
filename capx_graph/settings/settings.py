"""The settings of one process, parsed and checked; a topic with values of its own has its room beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from capx_graph import __version__
from capx_graph.instants import instant, utc_now
from capx_graph.settings.channels import ChannelSettings, channel_settings
from capx_graph.settings.exchange import MetaSettings, meta_settings
from capx_graph.settings.given import texts
from capx_graph.settings.parsing import address, codes, number_of_host, one_of, page, parsed, path, whole, yes_or_no
from capx_graph.settings.signin import SignInSettings, grant_settings, sign_in_settings
from capx_graph.settings.site import DEFAULT_BASE
from capx_graph.settings.sparql import EngineSettings, SparqlSettings, engine_settings, sparql_settings
from capx_graph.settings.wikibase import WikibaseSettings, wikibase_settings
from capx_graph.settings.writing import WritingSettings, writing_settings


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
    prefix: str
    dump_hour: int | None
    threads: int
    site_name: str
    source: str
    languages: tuple[str, ...]
    mul: bool
    edits_per_minute: int | None
    registration: bool
    sign_in: SignInSettings | None
    grants: SignInSettings | None
    fixed_now: datetime | None
    checkup_hours: int
    smallest_cell: int
    draft_days: int
    registered_drafts: bool
    lag: int
    contact: str
    sparql: SparqlSettings
    engine: EngineSettings | None
    meta: MetaSettings
    wikibase: WikibaseSettings | None
    writing: WritingSettings
    channels: ChannelSettings

    def now(self) -> datetime:
        """The present time (UTC), or the instant that ``CAPX_NOW`` fixes."""
        return self.fixed_now or utc_now()

    def user_agent(self, site: str | None = None) -> str:
        """How we call ourselves elsewhere, with whom to write to: the operator's contact, else our address.

        ``site`` is the address where it is known from the data; without it, what the settings say or assume counts.
        """
        return f"capx-graph/{__version__} ({self.contact or site or self.base or DEFAULT_BASE})"


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
        base=parsed(values, "base", address) if values["base"] else None,
        host=values["host"],
        port=parsed(values, "port", lambda text: whole(text, 0, 65535)),
        hosts=frozenset(part.strip().lower() for part in values["hosts"].split(",") if part.strip()),
        proxy=parsed(values, "proxy", number_of_host),
        prefix=parsed(values, "prefix", path),
        dump_hour=None if values["dump_hour"] == "never" else parsed(values, "dump_hour", lambda t: whole(t, 0, 23)),
        threads=parsed(values, "threads", lambda text: whole(text, 1, 256)),
        site_name=values["site_name"],
        source=parsed(values, "source", page),
        languages=parsed(values, "languages", codes) or ("en",),
        mul=parsed(values, "mul", yes_or_no),
        edits_per_minute=parsed(values, "edits_per_minute", lambda text: whole(text, 0, 1_000_000)) or None,
        registration=parsed(values, "registration", yes_or_no) if values["registration"] else not values["oauth_url"],
        sign_in=sign_in_settings(values),
        grants=grant_settings(values),
        fixed_now=parsed(values, "now", instant) if values["now"] else None,
        checkup_hours=parsed(values, "checkup_hours", lambda text: whole(text, 0, 8784)),
        smallest_cell=parsed(values, "smallest_cell", lambda text: whole(text, 0, 1000)),
        draft_days=parsed(values, "draft_days", lambda text: whole(text, 0, 36_525)),
        registered_drafts=parsed(values, "registered_drafts", yes_or_no),
        lag=parsed(values, "lag", lambda text: whole(text, 1, 86400)),
        contact=values["contact"],
        sparql=sparql_settings(values),
        engine=engine_settings(values),
        meta=meta_settings(values),
        wikibase=wikibase_settings(values),
        writing=writing_settings(values),
        channels=channel_settings(values),
    )


def journal(environ: Mapping[str, str], *, data: str) -> str:
    """How SQLite files in a data directory are written; raises InvalidSetting."""
    return parsed(texts(environ, data=data), "journal", lambda text: one_of(text, "auto", "wal", "rollback"))


def _beside(directory: Path) -> Path:
    whole = directory.resolve()
    return whole.with_name(f"{whole.name}.tombstones")
