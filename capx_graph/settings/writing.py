"""The settings of what is written to a Wikibase elsewhere, and who does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from capx_graph.errors import InvalidSetting
from capx_graph.settings.parsing import one_of, parsed, seconds
from capx_graph.settings.setting import PREFIX, Setting

WRITING: tuple[Setting, ...] = (
    Setting("wikibase_user", "", "A bot password's name in the Wikibase elsewhere, such as Ana@capx."),
    Setting("wikibase_password", "", "The bot password of CAPX_WIKIBASE_USER.", secret=True),
    Setting("wikibase_token", "", "Instead of both: the access token of an owner-only OAuth 2 consumer.", secret=True),
    Setting(
        "wikibase_oauth1",
        "",
        "Or an owner-only consumer of OAuth 1.0a: consumer key, consumer secret, access token and access secret, "
        "separated by commas.",
        secret=True,
    ),
    Setting(
        "people",
        "embedded",
        "Where the items of people live: embedded, where erasing somebody is real, or upstream, in the Wikibase "
        "elsewhere, which keeps histories.",
    ),
    Setting(
        "deletion_page",
        "",
        "A page of the connected Wikibase where deletions are asked for, such as Wikibase:Requests for deletions: when "
        "somebody leaves, a section about their item is added there. Empty: none.",
    ),
    Setting("wikibase_pause", "0.1", "Seconds between two edits of the Wikibase elsewhere, at least."),
)


@dataclass(frozen=True, slots=True)
class WritingSettings:
    """Who edits a Wikibase elsewhere, how fast, and whether people live there; ``oauth1`` has four parts or none."""

    user: str
    password: str = field(repr=False)
    token: str = field(repr=False)
    oauth1: tuple[str, ...] = field(repr=False)
    pause: float = 0.1
    people_upstream: bool = False
    deletion_page: str = ""


def writing_settings(values: Mapping[str, str]) -> WritingSettings:
    """Who edits a Wikibase elsewhere; raises InvalidSetting, which names no secret."""
    oauth1 = tuple(part.strip() for part in values["wikibase_oauth1"].split(",") if part.strip())
    if len(oauth1) not in (0, 4):
        raise InvalidSetting(f"{PREFIX}WIKIBASE_OAUTH1: needs four parts separated by commas, not {len(oauth1)}")
    return WritingSettings(
        user=values["wikibase_user"],
        password=values["wikibase_password"],
        token=values["wikibase_token"],
        oauth1=oauth1,
        pause=parsed(values, "wikibase_pause", seconds),
        people_upstream=parsed(values, "people", lambda text: one_of(text, "embedded", "upstream")) == "upstream",
        deletion_page=values["deletion_page"].strip(),
    )
