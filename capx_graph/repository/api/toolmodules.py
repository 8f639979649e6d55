"""Small modules that tools expect of any wiki: the state of a token, purging, badges and sitelinks (there are none).

Only the table of modules imports it.
"""

from __future__ import annotations

from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.edits import EDIT_PARAMS
from capx_graph.repository.api.parameters import Param, flag
from capx_graph.repository.api.queryparts import mark, title_fields
from capx_graph.repository.ids import entity_of_title

_TOKEN_TYPES = ("createaccount", "csrf", "login", "patrol", "rollback", "userrights", "watch")
_NO_SITES: tuple[str, ...] = ()


def _check_token(call: Call) -> Json:
    valid = call.wiki.tokens.matches(call.values.text("token"), call.values.text("type"), call.identity)
    return {"checktoken": {"result": "valid" if valid else "invalid"}}


def _purge(call: Call) -> Json:
    """Nothing is kept from before, so there is nothing to do."""
    entries: list[Json] = []
    for title in call.values.several("titles"):
        entity_id = entity_of_title(title)
        known = entity_id is not None and call.repository.exists(entity_id)
        entry: Json = title_fields(entity_id) if entity_id is not None else {"ns": 0, "title": title}
        mark(call, entry, "purged" if known else "missing", present=True)
        entries.append(entry)
    return {"batchcomplete": True if call.version > 1 else "", "purge": entries}


def _badges(_: Call) -> Json:
    return {"badges": []}


def _no_site(call: Call) -> Json:
    raise call.fail("badvalue", "This wiki links no sites.")


MODULES = {
    "checktoken": Module(
        _check_token,
        (
            Param("type", choices=_TOKEN_TYPES, required=True),
            Param("token", required=True),
            Param("maxtokenage", "integer"),
        ),
    ),
    "purge": Module(
        _purge,
        (
            flag("forcelinkupdate"),
            flag("forcerecursivelinkupdate"),
            Param("continue"),
            Param("titles", many=True),
            Param("pageids", many=True),
            Param("revids", many=True),
            flag("redirects"),
            flag("converttitles"),
        ),
        posted=True,
    ),
    "wbavailablebadges": Module(_badges),
    "wbsetsitelink": Module(
        _no_site,
        (
            Param("id"),
            Param("new", choices=("item", "property")),
            Param("site", choices=_NO_SITES),
            Param("title"),
            Param("linksite", choices=_NO_SITES, required=True),
            Param("linktitle"),
            Param("badges", choices=(), many=True),
            *EDIT_PARAMS,
        ),
        edits=True,
    ),
    "wblinktitles": Module(
        _no_site,
        (
            Param("tosite", choices=_NO_SITES, required=True),
            Param("totitle", required=True),
            Param("fromsite", choices=_NO_SITES, required=True),
            Param("fromtitle", required=True),
            *EDIT_PARAMS,
        ),
        edits=True,
    ),
}
