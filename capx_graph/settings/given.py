"""The one list of all settings, and their texts: given, from the TOML file, or the default; not yet checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from capx_graph.errors import InvalidSetting
from capx_graph.settings.channels import CHANNELS
from capx_graph.settings.exchange import META
from capx_graph.settings.setting import PREFIX, Setting
from capx_graph.settings.signin import SIGN_IN
from capx_graph.settings.site import SITE
from capx_graph.settings.sparql import SPARQL
from capx_graph.settings.wikibase import CONNECTED
from capx_graph.settings.writing import WRITING

SETTINGS: tuple[Setting, ...] = (*SITE, *SIGN_IN, *META, *CONNECTED, *WRITING, *SPARQL, *CHANNELS)


def texts(environ: Mapping[str, str], *, data: str | None = None) -> dict[str, str]:
    """Every setting as text, by name: given, from the file, or its default; not yet checked. Raises InvalidSetting."""
    given = {s.name: environ[s.variable] for s in SETTINGS if environ.get(s.variable)}
    if data:
        given["data"] = data
    directory = Path(given.get("data", _default("data")))
    return {s.name: s.default for s in SETTINGS} | _from_file(given, directory) | given


def _default(name: str) -> str:
    return next(s.default for s in SETTINGS if s.name == name)


def _from_file(given: Mapping[str, str], directory: Path) -> dict[str, str]:
    named = given.get("config")
    path = Path(named) if named else directory / "capx.toml"
    if not path.exists():
        if named:
            raise InvalidSetting(f"{PREFIX}CONFIG={named!r}: there is no such file")
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidSetting(f"{path} is not valid TOML: {error}") from error
    known = {s.name for s in SETTINGS} - {"data", "config"}
    for name in table:
        if name not in known:
            raise InvalidSetting(f"{path}: there is no setting {name!r}; 'capx settings' lists them")
    return {name: _text(value) for name, value in table.items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    return str(value)
