"""The settings of who may have an account, of the wiki to sign in with, and of edits there in members' own names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from capx_graph.errors import InvalidSetting
from capx_graph.settings.parsing import page, parsed, whole, yes_or_no
from capx_graph.settings.setting import PREFIX, Setting

SIGN_IN: tuple[Setting, ...] = (
    Setting(
        "registration",
        "",
        "Whether anybody may register an account with a password: yes or no; empty means yes, unless CAPX_OAUTH_URL "
        "names a wiki to sign in with.",
    ),
    Setting(
        "registered_drafts",
        "no",
        "Whether who registers here by themselves is offered what files of other services say of that name: yes or no. "
        "Nobody shows that the name is theirs there; say yes only where everybody who can register is trusted.",
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
    Setting(
        "grants",
        "",
        "Whether who signs in there may let this site edit the connected Wikibase in their own name: yes or no; empty "
        "means yes, where both are at the same host.",
    ),
    Setting(
        "grant_client",
        "",
        "For that, another consumer with the same callback, where that of CAPX_OAUTH_CLIENT may only tell who somebody "
        "is.",
    ),
    Setting("grant_secret", "", "The secret of that other consumer.", secret=True),
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


def grant_settings(values: Mapping[str, str]) -> SignInSettings | None:
    """By which consumer members let this site edit the connected Wikibase, None where they do not; InvalidSetting."""
    sign_in, wikibase = sign_in_settings(values), values["wikibase_url"]
    if bool(values["grant_client"]) != bool(values["grant_secret"]):
        raise InvalidSetting(f"{PREFIX}GRANT_CLIENT and {PREFIX}GRANT_SECRET are needed together")
    same = sign_in is not None and urlsplit(sign_in.url).netloc.lower() == urlsplit(wikibase).netloc.lower()
    if not (parsed(values, "grants", yes_or_no) if values["grants"] else same and wikibase):
        return None
    if sign_in is None or not wikibase:
        raise InvalidSetting(f"{PREFIX}GRANTS: needs {PREFIX}OAUTH_URL and {PREFIX}WIKIBASE_URL")
    if not values["grant_client"]:
        return sign_in
    return replace(sign_in, client=values["grant_client"], secret=values["grant_secret"])
