"""``query``: puts together what its parts answer, page by page, list by list, and how to go on.

Only this package imports it.
"""

from __future__ import annotations

from capx_graph.repository.api import queryevents, querylists, querymeta, querypages
from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.parameters import Param, flag
from capx_graph.repository.api.queryparts import Part

_LISTS = {**queryevents.PARTS, **querylists.PARTS}
GENERATORS = ("allpages", "backlinks", "recentchanges", "search", "wbsearch")
_PARAMS = (
    Param("prop", choices=tuple(querypages.PARTS), many=True),
    Param("list", choices=tuple(_LISTS), many=True),
    Param("meta", choices=tuple(querymeta.PARTS), many=True),
    flag("indexpageids"),
    flag("export"),
    flag("exportnowrap"),
    flag("iwurl"),
    Param("continue"),
    flag("rawcontinue"),
    Param("titles", many=True),
    Param("pageids", many=True),
    Param("revids", many=True),
    flag("redirects"),
    flag("converttitles"),
    Param("generator", choices=tuple(_LISTS)),
)


def _query(call: Call) -> Json:
    values = call.values
    answer: Json = {}
    going_on: Json = {}
    finished: list[str] = []
    for name in values.several("meta"):
        _run(call, querymeta.PARTS[name], answer, going_on, finished)
    for name in values.several("list"):
        _run(call, _LISTS[name], answer, going_on, finished)
    pages_left = False
    found = _generated(call, values.text("generator"), going_on) if values.has("generator") else []
    if found or any(values.has(name) for name in ("titles", "pageids", "revids")):
        pages_left = querypages.add_pages(call, answer, going_on, finished, found)
    result: Json = {}
    if not pages_left:
        call.put_flag(result, "batchcomplete", truth=True)
    if going_on:
        result["continue"] = going_on | {"continue": f"{'' if pages_left else '-'}||{'|'.join(finished)}"}
    return result | ({"query": answer} if answer else {})


def _run(call: Call, part: Part, answer: Json, going_on: Json, finished: list[str]) -> None:
    outcome = part.run(call, call.submodule(f"query+{part.name}", part.params, part.prefix))
    answer |= outcome.answer
    if outcome.going_on is None:
        finished.append(part.name)
    else:
        going_on[f"{part.prefix}continue"] = outcome.going_on


def _generated(call: Call, name: str, going_on: Json) -> list[int]:
    """The numbers of the pages that a list names."""
    part = _LISTS[name]
    if name not in GENERATORS:
        raise call.fail("badgenerator", f'Module "{name}" cannot be used as a generator.')
    prefix = f"g{part.prefix}"
    outcome = part.run(call, call.submodule(f"query+{name}", part.params, prefix))
    if outcome.going_on is not None:
        going_on[f"{prefix}continue"] = outcome.going_on
    numbers = [entry.get("pageid", 0) for entry in outcome.answer[name]]
    return list(dict.fromkeys(number for number in numbers if number))


MODULES = {"query": Module(_query, _PARAMS)}
