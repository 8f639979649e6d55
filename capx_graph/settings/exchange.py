"""The settings of the wiki to exchange translations with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from capx_graph.settings.parsing import page, parsed
from capx_graph.settings.setting import Setting

META: tuple[Setting, ...] = (
    Setting("meta_api", "https://meta.wikimedia.org/w/api.php", "The API of the wiki to exchange translations with."),
    Setting("meta_bundle", "Module:CapacityExchange/capacities.json", "The message bundle there."),
    Setting("meta_user", "", "A bot password's name there, such as Ana@capx, for capx translate push."),
    Setting("meta_password", "", "The bot password of CAPX_META_USER.", secret=True),
    Setting("meta_token", "", "Instead of both: the access token of an owner-only OAuth 2 consumer.", secret=True),
    Setting("meta_account", "", "The account here under which capx translate pull and import edit."),
)


@dataclass(frozen=True, slots=True)
class MetaSettings:
    """The wiki and the bundle to exchange translations with, who edits there, and which account edits here."""

    api: str
    bundle: str
    user: str
    password: str = field(repr=False)
    token: str = field(repr=False)
    account: str


def meta_settings(values: Mapping[str, str]) -> MetaSettings:
    """The wiki and the bundle to exchange translations with; raises InvalidSetting."""
    return MetaSettings(
        api=parsed(values, "meta_api", page),
        bundle=values["meta_bundle"],
        user=values["meta_user"],
        password=values["meta_password"],
        token=values["meta_token"],
        account=values["meta_account"],
    )
