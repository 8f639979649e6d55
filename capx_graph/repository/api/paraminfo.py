"""``paraminfo`` and ``help``: what the modules take, told from their declarations.

Only the table of modules imports it. Libraries such as pywikibot ask it before anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from capx_graph.repository.api import queryevents, querylists, querymeta, querypages
from capx_graph.repository.api.call import Call, Json, Module, Modules
from capx_graph.repository.api.mainparams import MAIN
from capx_graph.repository.api.parameters import VALUES, VALUES_HIGH, Param
from capx_graph.repository.api.query import GENERATORS
from capx_graph.repository.api.queryparts import PagePart, Part

_GROUPS: Mapping[str, Mapping[str, PagePart | Part]] = {
    "prop": querypages.PARTS,
    "list": {**queryevents.PARTS, **querylists.PARTS},
    "meta": querymeta.PARTS,
}
_TYPES = {"text": "string", "flag": "boolean"}


@dataclass(frozen=True, slots=True)
class _Told:
    """A module as it is told of: where it stands, and what it takes."""

    path: str
    prefix: str
    params: Collection[Param]
    posted: bool = False
    group: str | None = None


def modules(table: Callable[[], Modules]) -> Modules:
    """Both modules; they tell of the modules of a table, themselves included."""

    def tell(call: Call) -> Json:
        asked = _asked(call, table())
        found = [_find(path, table()) for path in asked]
        for path, told in zip(asked, found, strict=True):
            if told is None:
                call.warn("badmodule", f'The module "{path}" does not exist.')
        told_of = [_module(call, told, table()) for told in found if told is not None]
        return {"paraminfo": {"helpformat": "none", "modules": told_of}}

    def help_(_: Call) -> Json:
        names = ", ".join(sorted(table()))
        text = f"Modules of this API: {names}. Ask action=paraminfo for their parameters."
        return {"help": {"mime": "text/plain", "help": text}}

    many = (Param("modules", many=True, duplicates=False), Param("querymodules", many=True))
    rest = (Param("helpformat", choices=("html", "wikitext", "raw", "none"), default="none"),)
    return {
        "paraminfo": Module(tell, (*many, *rest, Param("mainmodule"), Param("pagesetmodule"), Param("formatmodules"))),
        "help": Module(help_, (Param("modules", many=True), Param("submodules"), Param("wrap"), Param("toc"))),
    }


def _asked(call: Call, table: Modules) -> list[str]:
    paths: list[str] = []
    for path in call.values.several("modules"):
        if path in ("*", "**"):
            paths += sorted(table)
        elif path in ("query+*", "query+**"):
            paths += [f"query+{name}" for parts in _GROUPS.values() for name in parts]
        else:
            paths.append(path)
    return paths + [f"query+{name}" for name in call.values.several("querymodules")]


def _find(path: str, table: Modules) -> _Told | None:
    if path == "main":
        return _Told(path, "", MAIN)
    if path in table:
        module = table[path]
        token = (Param("token", required=True),) if module.edits else ()
        return _Told(path, module.prefix, (*module.params, *token), posted=module.posted or module.edits)
    parent, _, name = path.partition("+")
    if parent == "query":
        for group, parts in _GROUPS.items():
            if name in parts:
                return _Told(path, parts[name].prefix, parts[name].params, group=group)
    return None


def _module(call: Call, told: _Told, table: Modules) -> Json:
    name = told.path.rpartition("+")[2]
    entry: Json = {"name": name, "classname": name, "path": told.path, "prefix": told.prefix}
    if told.group is not None:
        entry |= {"group": told.group, "querytype": told.group}
    call.put_flag(entry, "readrights", truth=True)
    call.put_flag(entry, "mustbeposted", truth=told.posted)
    call.put_flag(entry, "writerights", truth=told.posted)
    call.put_flag(entry, "generator", truth=told.group == "list" and name in GENERATORS)
    entry["parameters"] = [_param(call, number, param, told, table) for number, param in enumerate(told.params, 1)]
    return entry


def _param(call: Call, number: int, param: Param, told: _Told, table: Modules) -> Json:
    entry: Json = {"index": number, "name": param.name, "type": _TYPES.get(param.kind, param.kind)}
    submodules = _submodules(param, told, table)
    allowed = list(submodules) or param.allowed()
    if allowed is not None and param.kind == "text":
        entry["type"] = sorted(allowed)
    if submodules:
        entry["submodules"] = submodules
    if param.name == "token":
        entry["tokentype"] = "csrf"
    call.put_flag(entry, "required", truth=param.required)
    call.put_flag(entry, "multi", truth=param.many)
    if param.many:
        entry |= {"lowlimit": VALUES, "highlimit": VALUES_HIGH, "limit": VALUES}
    for key, bound in (("min", param.least), ("max", param.most), ("highmax", param.most_high)):
        if bound is not None:
            entry[key] = bound
    if param.default is not None and param.kind != "flag":
        entry["default"] = "|".join(param.default) if isinstance(param.default, list) else param.default
    return entry


def _submodules(param: Param, told: _Told, table: Modules) -> dict[str, str]:
    """The modules that a parameter chooses from, by name, with their paths."""
    if told.path == "main" and param.name == "action":
        return {name: name for name in sorted(table)}
    if told.path == "query" and param.name in _GROUPS:
        return {name: f"query+{name}" for name in sorted(_GROUPS[param.name])}
    if told.path == "query" and param.name == "generator":
        return {name: f"query+{name}" for name in sorted(GENERATORS)}
    return {}
