"""The settings of who may have an account, and of the wiki to sign in with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from capx_graph.errors import InvalidSetting
from capx_graph.settings.parsing import page, parsed, whole
from capx_graph.settings.setting import PREFIX, Setting

SIGN_IN: tuple[Setting, ...] = (
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
)


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """A wiki to sign in with, and this site's consumer there; ``protocol`` is 2, or 1 for OAuth 1.0a."""

    url: str
    client: str
    secret: str = field(repr=False)
    protocol: int = 2


def sign_in_settings(values: Mapping[str, str]) -> SignInSettings | None:
    """The wiki to sign in with, None where there is none; raises InvalidSetting."""
    if not values["oauth_url"]:
        return None
    for name in ("oauth_client", "oauth_secret"):
        if not values[name]:
            raise InvalidSetting(f"{PREFIX}{name.upper()} is needed with {PREFIX}OAUTH_URL")
    return SignInSettings(
        url=parsed(values, "oauth_url", page),
        client=values["oauth_client"],
        secret=values["oauth_secret"],
        protocol=parsed(values, "oauth_version", lambda text: whole(text, 1, 2)),
    )
