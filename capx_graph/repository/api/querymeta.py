"""Meta parts of the ``query`` module: tokens, the user, the site, the languages of contents.

Only this package imports it.
"""

from __future__ import annotations

from collections.abc import Callable

from capx_graph import __version__, languages
from capx_graph.instants import stamp, utc_now
from capx_graph.repository.api.call import Call, Json
from capx_graph.repository.api.parameters import Param, Values, flag
from capx_graph.repository.api.queryparts import Outcome, Part
from capx_graph.repository.values.datatypes import VALUE_TYPES
from capx_graph.repository.values.richformat import COMMONS

GENERATOR = "MediaWiki 1.43.0"
"""Clients choose features by this; the repository behaves as that version does."""

SITE_ID = "capx"
_TOKENS = ("createaccount", "csrf", "login", "patrol", "rollback", "userrights", "watch")
_STANDARD_NAMESPACES = (
    (-2, "Media"), (-1, "Special"), (0, ""), (1, "Talk"), (2, "User"), (3, "User talk"), (4, None), (5, None),
    (6, "File"), (7, "File talk"), (8, "MediaWiki"), (9, "MediaWiki talk"), (10, "Template"), (11, "Template talk"),
    (12, "Help"), (13, "Help talk"), (14, "Category"), (15, "Category talk"), (120, "Item"), (121, "Item talk"),
    (122, "Property"), (123, "Property talk"),
)  # fmt: skip
_MODELS = {120: "wikibase-item", 122: "wikibase-property"}


def _tokens(call: Call, values: Values) -> Outcome:
    call.reply.needs_session = True
    tokens = {f"{kind}token": call.wiki.tokens.token(kind, call.identity) for kind in values.several("type")}
    return Outcome({"tokens": tokens})


def _user_info(call: Call, values: Values) -> Outcome:
    account = call.identity.account
    info: Json = {"id": account.user_id if account else 0, "name": call.identity.name}
    call.put_flag(info, "anon", truth=account is None)
    if call.version > 1 and account is not None:
        del info["anon"]
    props = values.several("prop")
    if "groups" in props:
        info["groups"] = [*sorted(account.groups), "*", "user", "autoconfirmed"] if account else ["*"]
    if "implicitgroups" in props:
        info["implicitgroups"] = ["*", "user", "autoconfirmed"] if account else ["*"]
    if "rights" in props:
        info["rights"] = sorted(call.identity.rights)
    if "hasmsg" in props:
        call.put_flag(info, "messages", truth=False)
    if "editcount" in props and account is not None:
        info["editcount"] = call.repository.history.edits_of(account.name)
    for name in ("options", "ratelimits", "theoreticalratelimits", "changeablegroups"):
        if name in props:
            info[name] = {}
    return Outcome({"userinfo": info})


def _site_info(call: Call, values: Values) -> Outcome:
    answer: Json = {}
    for name in values.several("prop"):
        if name in _SITE_PARTS:
            answer[name] = _SITE_PARTS[name](call)
        elif name in _SITE_LISTS:
            answer[name] = []
    return Outcome(answer)


def _general(call: Call) -> Json:
    repository = call.repository
    info: Json = {
        "mainpage": "Main Page",
        "base": f"{repository.base}/",
        "sitename": repository.settings.site_name,
        "generator": GENERATOR,
        "capx-graph": __version__,
        "phpversion": "",
        "dbtype": "sqlite",
        "case": "first-letter",
        "lang": "en",
        "fallback": [],
        "legaltitlechars": " %!\"$&'()*,\\-.\\/0-9:;=?@A-Z\\\\^_`a-z~\\x80-\\xFF+",
        "invalidusernamechars": "@:>=",
        "timezone": "UTC",
        "timeoffset": 0,
        "articlepath": "/wiki/$1",
        "scriptpath": "/w",
        "script": "/w/index.php",
        "variantarticlepath": False,
        "server": repository.base,
        "servername": repository.base.partition("://")[2].partition(":")[0],
        "wikiid": SITE_ID,
        "time": stamp(utc_now()),
        "maxarticlesize": 2 * 1024 * 1024,
        "linkprefixcharset": "",
        "linkprefix": "",
        "linktrail": "/^([a-z]+)(.*)$/sD",
        "magiclinks": {},
        "thumblimits": {"0": 120, "1": 250},
        "imagelimits": {"0": {"width": 320, "height": 240}},
        "maxuploadsize": 0,
        "wikibase-sparql": f"{repository.base}/sparql",
        "wikibase-geoshapestoragebaseurl": COMMONS,
        "wikibase-tabulardatastoragebaseurl": COMMONS,
        "wikibase-conceptbaseuri": repository.namespaces.homes[-1].entity,
        "wikibase-propertytypes": {name: {"valuetype": VALUE_TYPES[name]} for name in VALUE_TYPES},
    }
    if call.version == 1:
        del info["variantarticlepath"]
    call.put_flag(info, "writeapi", truth=True)
    for name in ("readonly", "misermode", "uploadsenabled", "rtl"):
        call.put_flag(info, name, truth=False)
    return info


def _namespaces(call: Call) -> Json:
    found: Json = {}
    for number, name in _STANDARD_NAMESPACES:
        talk = " talk" if number == 5 else ""
        local = name if name is not None else f"{call.repository.settings.site_name}{talk}"
        entry: Json = {"id": number, "case": "first-letter"}
        entry["*" if call.version == 1 else "name"] = local
        call.put_flag(entry, "subpages", truth=number not in (-2, -1, 0, 6, 8, 14, 120, 121, 122, 123))
        if number:
            entry["canonical"] = name if name is not None else f"Project{talk}"
        call.put_flag(entry, "content", truth=number == 0)
        call.put_flag(entry, "nonincludable", truth=False)
        if number in _MODELS:
            entry["defaultcontentmodel"] = _MODELS[number]
        found[str(number)] = entry
    return found


def _statistics(call: Call) -> Json:
    counts = call.repository.history.counts()
    pages = counts.get("item", 0) + counts.get("property", 0)
    names = call.wiki.accounts.names()
    return {
        "pages": pages,
        "articles": pages,
        "edits": counts["revisions"],
        "images": 0,
        "users": len(names),
        "activeusers": 0,
        "admins": 0,
        "jobs": 0,
    }


def _languages(call: Call) -> list[Json]:
    key = "*" if call.version == 1 else "name"
    return [
        {"code": code, "bcp47": languages.bcp47(code), key: languages.autonym(code)}
        for code in sorted(languages.term_codes())
    ]


def _groups(_: Call) -> list[Json]:
    return [{"name": name, "rights": []} for name in ("*", "user", "autoconfirmed", "bot", "sysop")]


def _extensions(_: Call) -> list[Json]:
    return [{"type": "wikibase", "name": name, "version": "1.0"} for name in ("WikibaseRepository", "WikibaseLib")]


_SITE_PARTS: dict[str, Callable[[Call], object]] = {
    "general": _general,
    "namespaces": _namespaces,
    "statistics": _statistics,
    "languages": _languages,
    "usergroups": _groups,
    "extensions": _extensions,
    "restrictions": lambda _: {
        "types": ["create", "edit", "move", "upload"],
        "levels": ["", "autoconfirmed", "sysop"],
        "cascadinglevels": ["sysop"],
        "semiprotectedlevels": ["autoconfirmed"],
    },
    "rightsinfo": lambda _: {"url": "http://creativecommons.org/publicdomain/zero/1.0/", "text": "CC0 1.0"},
}
_SITE_LISTS = (
    "namespacealiases", "specialpagealiases", "magicwords", "dbrepllag", "interwikimap", "fileextensions",
    "skins", "extensiontags", "functionhooks", "showhooks", "variables", "protocols",
    "defaultoptions", "uploaddialog", "libraries", "languagevariants", "autocreatetempuser", "clientlibraries",
    "copyuploaddomains",
)  # fmt: skip


def _wikibase(call: Call, _: Values) -> Outcome:
    """Where the items are that pages of this wiki may mention: here."""
    url = {"base": call.repository.base, "scriptpath": "/w", "articlepath": "/wiki/$1"}
    return Outcome({"wikibase": {"repo": {"url": url}, "siteid": SITE_ID}})


def _content_languages(call: Call, values: Values) -> Outcome:
    codes = languages.monolingual_codes() if values.text("context") == "monolingualtext" else languages.term_codes()
    if call.repository.settings.mul:
        codes = codes | {"mul"}
    props = values.several("prop")
    found: Json = {}
    for code in sorted(codes):
        entry: Json = {"code": code} if "code" in props else {}
        if "autonym" in props:
            entry["autonym"] = languages.autonym(code)
        if "name" in props:
            entry["name"] = languages.name(code, call.language)
        found[code] = entry
    return Outcome({"wbcontentlanguages": found})


_USER_PROPS = (
    "blockinfo", "hasmsg", "groups", "groupmemberships", "implicitgroups", "rights", "changeablegroups", "options",
    "editcount", "ratelimits", "theoreticalratelimits", "email", "realname", "acceptlang", "registrationdate",
    "unreadcount", "centralids", "latestcontrib", "cancreateaccount",
)  # fmt: skip

PARTS = {
    part.name: part
    for part in (
        Part("tokens", _tokens, "", (Param("type", choices=_TOKENS, many=True, default=["csrf"], all_mark="*"),)),
        Part("userinfo", _user_info, "ui", (Param("prop", choices=_USER_PROPS, many=True, all_mark="*"),)),
        Part(
            "siteinfo",
            _site_info,
            "si",
            (
                Param("prop", choices=(*_SITE_PARTS, *_SITE_LISTS), many=True, default=["general"], all_mark="*"),
                Param("filteriw"),
                flag("showalldb"),
                flag("numberingroup"),
                Param("inlanguagecode"),
            ),
        ),
        Part("wikibase", _wikibase, "wb", (Param("prop", many=True),)),
        Part(
            "wbcontentlanguages",
            _content_languages,
            "wbcl",
            (
                Param("context", choices=("term", "monolingualtext", "term-lexicographical"), default="term"),
                Param("prop", choices=("code", "autonym", "name"), many=True, default=["code"], all_mark="*"),
            ),
        ),
    )
}
