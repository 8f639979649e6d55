"""Lists of what happened, of the ``query`` module: recent changes, contributions, the log.

Only this package imports it.
"""

from __future__ import annotations

from capx_graph.instants import from_epoch, stamp
from capx_graph.repository.api.call import Call, Json
from capx_graph.repository.api.parameters import Param, Values, flag
from capx_graph.repository.api.queryparts import (
    DIRECTION,
    MANY_NAMESPACES,
    Outcome,
    Part,
    kinds_in,
    limit_param,
    makes_redirect,
    mark,
    number_in,
    period,
    place,
    split_page,
    title_fields,
)
from capx_graph.repository.history.lines import LogLine, RevisionLine, Which
from capx_graph.repository.history.recentchanges import TYPES, RecentLine, Wanted
from capx_graph.repository.ids import entity_of_title


def _recent_changes(call: Call, values: Values) -> Outcome:
    limit = values.number("limit") or 10
    oldest_first = values.text("dir") == "newer"
    shown = set(values.several("show"))
    if any(f"!{name}" in shown for name in shown):
        raise call.fail("show", "Incorrect parameter - mutually exclusive values may not be supplied.")
    start, end = values.number("start"), values.number("end")
    title = values.optional("title")
    wanted = Wanted(
        begin=number_in(values.optional("continue"), module="query+recentchanges"),
        earliest=start if oldest_first else end,
        latest=end if oldest_first else start,
        namespaces=[int(number) for number in values.several("namespace")],
        types=values.several("type") or TYPES,
        entity_id=(entity_of_title(title) or "") if title is not None else None,
        actor=values.optional("user"),
        not_actor=values.optional("excludeuser"),
        bot=_choice(shown, "bot"),
        minor=_choice(shown, "minor"),
        newest=values.on("toponly"),
        oldest_first=oldest_first,
        limit=limit + 1,
    )
    found = [] if values.text("tag") else call.repository.recent_changes.find(wanted)
    lines, following = split_page(found, limit)
    props = set(values.several("prop"))
    answer = {"recentchanges": [_recent_entry(call, line, props) for line in lines]}
    return Outcome(answer, place(following.at, following.recent_id) if following else None)


def _choice(shown: set[str], name: str) -> bool | None:
    return True if name in shown else False if f"!{name}" in shown else None


def _recent_entry(call: Call, line: RecentLine, props: set[str]) -> Json:
    revision, log = line.revision, line.log
    told = revision or log
    assert told is not None
    entry: Json = {"type": "log" if log else "new" if revision and revision.new else "edit"}
    if "title" in props:
        entry |= title_fields(told.entity_id)
    if "ids" in props:
        entry["pageid"] = told.page_id
        entry["revid"] = revision.revision_id if revision else 0
        entry["old_revid"] = revision.parent_id if revision else 0
        entry["rcid"] = line.recent_id
    _put_user(call, entry, told.actor, props)
    if "flags" in props:
        call.put_flag(entry, "bot", truth=told.bot)
        call.put_flag(entry, "new", truth=revision is not None and revision.new)
        call.put_flag(entry, "minor", truth=revision is not None and revision.minor)
    if "sizes" in props:
        entry["oldlen"] = revision.parent_size if revision else 0
        entry["newlen"] = revision.size if revision else 0
    if "timestamp" in props:
        entry["timestamp"] = stamp(from_epoch(line.at))
    _put_comment(entry, revision.summary if revision else log.comment if log else "", props)
    if "redirect" in props:
        mark(call, entry, "redirect", present=_is_redirect(call, told.entity_id))
    if "loginfo" in props and log is not None:
        entry |= {"logid": log.log_id, "logtype": log.type, "logaction": log.action, "logparams": _log_params(log)}
    if "tags" in props:
        entry["tags"] = ["mw-new-redirect"] if revision and makes_redirect(revision.summary) else []
    return entry


def _put_user(call: Call, entry: Json, actor: str, props: set[str]) -> None:
    if "user" in props:
        entry["user"] = actor
    if "userid" in props:
        entry["userid"] = call.user_id(actor)


def _put_comment(entry: Json, text: str, props: set[str]) -> None:
    if "comment" in props:
        entry["comment"] = text
    if "parsedcomment" in props:
        entry["parsedcomment"] = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _is_redirect(call: Call, entity_id: str) -> bool:
    page = call.repository.history.page(entity_id=entity_id)
    return page is not None and not page.deleted and page.redirect_to is not None


def _log_params(log: LogLine) -> Json:
    return {"count": {"revisions": log.revisions, "files": 0}} if log.action == "restore" else {}


def _contributions(call: Call, values: Values) -> Outcome:
    limit = values.number("limit") or 10
    oldest_first = values.text("dir") == "newer"
    begin = number_in(values.optional("continue"), module="query+usercontribs")
    rows: list[RevisionLine] = []
    for user in values.several("user"):
        rows += call.repository.history.revisions(
            which=Which(
                actor=user,
                kinds=kinds_in(values.several("namespace")),
                new=_choice(set(values.several("show")), "new"),
            ),
            before=None if oldest_first else begin,
            after=begin if oldest_first else None,
            period=period(values, oldest_first=oldest_first),
            oldest_first=oldest_first,
            limit=limit + 1,
        )
    rows.sort(key=lambda line: line.revision_id, reverse=not oldest_first)
    lines, following = split_page(rows, limit)
    props = set(values.several("prop"))
    answer = {"usercontribs": [_contribution(call, line, props) for line in lines]}
    return Outcome(answer, place(following.at, following.revision_id) if following else None)


def _contribution(call: Call, line: RevisionLine, props: set[str]) -> Json:
    entry: Json = {"userid": call.user_id(line.actor), "user": line.actor}
    if "ids" in props:
        entry |= {"pageid": line.page_id, "revid": line.revision_id, "parentid": line.parent_id}
    if "title" in props:
        entry |= title_fields(line.entity_id)
    if "timestamp" in props:
        entry["timestamp"] = stamp(from_epoch(line.at))
    if "flags" in props:
        page = call.repository.history.page(page_id=line.page_id)
        call.put_flag(entry, "new", truth=line.new)
        call.put_flag(entry, "minor", truth=line.minor)
        call.put_flag(entry, "top", truth=page is not None and page.revision_id == line.revision_id)
    _put_comment(entry, line.summary, props)
    if "size" in props:
        entry["size"] = line.size
    if "sizediff" in props:
        entry["sizediff"] = line.size - line.parent_size
    if "tags" in props:
        entry["tags"] = []
    return entry


def _log_events(call: Call, values: Values) -> Outcome:
    limit = values.number("limit") or 10
    type_, action = values.optional("type"), values.optional("action")
    if action is not None:
        type_, _, action = action.partition("/")
    title, oldest_first = values.optional("title"), values.text("dir") == "newer"
    rows = call.repository.history.log(
        type_=type_,
        action=action,
        entity_id=(entity_of_title(title) or "") if title is not None else None,
        actor=values.optional("user"),
        place=number_in(values.optional("continue"), module="query+logevents"),
        period=period(values, oldest_first=oldest_first),
        oldest_first=oldest_first,
        limit=limit + 1,
    )
    lines, following = split_page(rows, limit)
    props = set(values.several("prop"))
    answer = {"logevents": [_log_entry(call, line, props) for line in lines]}
    return Outcome(answer, place(following.at, following.log_id) if following else None)


def _log_entry(call: Call, line: LogLine, props: set[str]) -> Json:
    entry: Json = {"logid": line.log_id} if "ids" in props else {}
    if "title" in props:
        entry |= title_fields(line.entity_id)
    if "ids" in props:
        entry["pageid"] = line.page_id if call.repository.exists(line.entity_id) else 0
        entry["logpage"] = line.page_id
    if "details" in props:
        entry["params"] = _log_params(line)
    if "type" in props:
        entry |= {"type": line.type, "action": line.action}
    _put_user(call, entry, line.actor, props)
    if "timestamp" in props:
        entry["timestamp"] = stamp(from_epoch(line.at))
    _put_comment(entry, line.comment, props)
    if "tags" in props:
        entry["tags"] = []
    return entry


_RC_PROPS = (
    "user", "userid", "comment", "parsedcomment", "flags", "timestamp", "title", "ids", "sizes", "redirect",
    "patrolled", "loginfo", "tags", "sha1",
)  # fmt: skip
_RC_SHOW = tuple(mark + name for name in ("minor", "bot", "anon", "redirect", "patrolled") for mark in ("", "!"))
_UC_PROPS = (
    "ids", "title", "timestamp", "comment", "parsedcomment", "size", "sizediff", "flags", "patrolled", "tags",
)  # fmt: skip
_LE_PROPS = ("ids", "title", "type", "user", "userid", "timestamp", "comment", "parsedcomment", "details", "tags")

_LOG_TYPES = (
    "", "block", "contentmodel", "create", "delete", "import", "managetags", "merge", "move", "newusers", "patrol",
    "protect", "rights", "tag", "upload",
)  # fmt: skip

PARTS = {
    part.name: part
    for part in (
        Part(
            "recentchanges",
            _recent_changes,
            "rc",
            (
                Param("start", "timestamp"),
                Param("end", "timestamp"),
                DIRECTION,
                MANY_NAMESPACES,
                Param("user"),
                Param("excludeuser"),
                Param("tag"),
                Param("prop", choices=_RC_PROPS, many=True, default=["title", "timestamp", "ids"]),
                Param("show", choices=_RC_SHOW, many=True),
                limit_param(),
                Param("type", choices=(*TYPES, "external", "categorize"), many=True, default=list(TYPES)),
                flag("toponly"),
                Param("title"),
                Param("continue"),
                flag("generaterevisions"),
                Param("slot"),
            ),
        ),
        Part(
            "usercontribs",
            _contributions,
            "uc",
            (
                limit_param(),
                Param("start", "timestamp"),
                Param("end", "timestamp"),
                Param("continue"),
                Param("user", many=True, required=True),
                Param("userids", many=True),
                DIRECTION,
                MANY_NAMESPACES,
                Param("prop", choices=_UC_PROPS, many=True, default=list(_UC_PROPS[:4] + _UC_PROPS[5:6] + ("flags",))),
                Param("show", many=True),
            ),
        ),
        Part(
            "logevents",
            _log_events,
            "le",
            (
                Param(
                    "prop",
                    choices=_LE_PROPS,
                    many=True,
                    default=[p for p in _LE_PROPS if p not in ("userid", "parsedcomment", "tags")],
                ),
                Param("type", choices=_LOG_TYPES),
                Param("action"),
                Param("start", "timestamp"),
                Param("end", "timestamp"),
                DIRECTION,
                Param("user"),
                Param("title"),
                Param("namespace"),
                limit_param(),
                Param("continue"),
            ),
        ),
    )
}
