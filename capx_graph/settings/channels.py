"""The settings of how members are written to: the wiki where others contact them, and who sends them notices there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from capx_graph.errors import InvalidSetting
from capx_graph.settings.parsing import page, parsed
from capx_graph.settings.setting import PREFIX, Setting

_META = "https://meta.wikimedia.org"

CHANNELS: tuple[Setting, ...] = (
    Setting(
        "contact_wiki",
        "",
        "The wiki on whose talk pages and by whose mail form members are contacted, such as "
        "https://meta.wikimedia.org, or where its scripts are, if not in /w; empty means the wiki of CAPX_OAUTH_URL, "
        f"else {_META}.",
    ),
    Setting(
        "notice_user",
        "",
        "A bot password's name on the wiki of CAPX_OAUTH_URL, such as Ana@capx, to mail members there once a year that "
        "their profile awaits confirmation; empty: nobody is written to, and no profile is ever made private.",
    ),
    Setting("notice_password", "", "The bot password of CAPX_NOTICE_USER.", secret=True),
    Setting("notice_token", "", "Instead of both: the access token of an owner-only OAuth 2 consumer.", secret=True),
)


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """Where members are contacted (the address of ``index.php``), and who mails them by which API."""

    index: str
    api: str
    user: str
    password: str = field(repr=False)
    token: str = field(repr=False)

    @property
    def host(self) -> str:
        """Which wiki it is, for people."""
        return urlsplit(self.index).netloc

    @property
    def mails(self) -> bool:
        """Whether there is somebody to send notices as."""
        return bool(self.token or self.user)


def channel_settings(values: Mapping[str, str]) -> ChannelSettings:
    """How members are written to; raises InvalidSetting."""
    wiki = parsed(values, "contact_wiki", page) or values["oauth_url"] or _META
    user, password, token = (values[name] for name in ("notice_user", "notice_password", "notice_token"))
    if (user or token) and not values["oauth_url"]:
        raise InvalidSetting(f"{PREFIX}NOTICE_USER and {PREFIX}NOTICE_TOKEN need {PREFIX}OAUTH_URL")
    if user and not (password or token):
        raise InvalidSetting(f"{PREFIX}NOTICE_PASSWORD is needed with {PREFIX}NOTICE_USER")
    if (user or token) and not values["contact"]:
        raise InvalidSetting(f"{PREFIX}CONTACT is needed with {PREFIX}NOTICE_USER: a wiki must be able to reach you")
    api = f"{_scripts(values['oauth_url'])}/api.php" if values["oauth_url"] else ""
    return ChannelSettings(f"{_scripts(wiki)}/index.php", api, user, password, token)


def _scripts(url: str) -> str:
    """Where a wiki's scripts are: a bare host has them under ``/w``."""
    trimmed = url.rstrip("/").removesuffix("/index.php").removesuffix("/api.php")
    return trimmed if urlsplit(trimmed).path else f"{trimmed}/w"
