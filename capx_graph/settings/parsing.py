"""How the text of a setting becomes its value; each parser raises ValueError with the rule that was broken."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from capx_graph import languages
from capx_graph.errors import InvalidSetting
from capx_graph.settings.setting import PREFIX

T = TypeVar("T")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_NO_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f-\x9f<>\"{}|\\^`]")
"""What no address holds (RFC 3987), and what the engine takes in no IRI: every one of the data would be refused."""


def parsed(values: Mapping[str, str], name: str, parse: Callable[[str], T]) -> T:
    """The value of the setting ``name``; raises InvalidSetting naming it and the rule."""
    try:
        return parse(values[name])
    except ValueError as error:
        raise InvalidSetting(f"{PREFIX}{name.upper()}={values[name]!r}: {error}") from error


def whole(text: str, least: int, most: int) -> int:
    """A whole number from ``least`` to ``most``."""
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ValueError(f"must be a whole number from {least} to {most}")
    return int(text)


def yes_or_no(text: str) -> bool:
    """Whether the text says yes."""
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if text.lower() not in words:
        raise ValueError("must be yes or no")
    return words[text.lower()]


def number_of_host(text: str) -> str:
    """An IP address, or nothing."""
    if text:
        ipaddress.ip_address(text)
    return text


def page(text: str) -> str:
    """An address of the web, or nothing."""
    if text and not _is_of_the_web(text):
        raise ValueError("must be an http or https address")
    return text


def path(text: str) -> str:
    """A path from the root without its final slash, or nothing."""
    plain = text.rstrip("/")
    if plain and (not _PATH.fullmatch(plain) or "//" in plain):
        raise ValueError("must be a path such as /capx, of letters, digits and - . _ ~")
    return plain


def addresses(text: str) -> frozenset[str]:
    """Addresses of the web between commas; ``none`` is none."""
    found = [part.strip() for part in text.split(",") if part.strip() and part.strip() != "none"]
    if not all(map(_is_of_the_web, found)):
        raise ValueError("must be http or https addresses, separated by commas, or none")
    return frozenset(found)


def address(text: str) -> str:
    """An address to build others upon, without its final slash."""
    parts = urlsplit(text)
    if not _is_of_the_web(text) or parts.query or parts.fragment:
        raise ValueError("must be an http or https address, such as https://capx.example.org")
    return text.rstrip("/")


def _is_of_the_web(text: str) -> bool:
    """Whether a text is a whole http or https address; raises ValueError for a port that there is not."""
    parts = urlsplit(text)
    usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    return usable and not _NO_ADDRESS.search(text)


def codes(text: str) -> tuple[str, ...]:
    """The codes of languages between commas, as a wiki writes them (``pt-BR`` is ``pt-br``); none for an empty text."""
    found = tuple(languages.from_bcp47(part.strip()) for part in text.split(",") if part.strip())
    for code in found:
        if not languages.is_known(code):
            raise ValueError(f"{code!r} is not the code of a language, such as en, pt-br or ja")
    return found


def seconds(text: str) -> float:
    """Seconds with a fraction, up to an hour."""
    try:
        number = float(text)
    except ValueError as error:
        raise ValueError("must be seconds, such as 0.5") from error
    if not 0 <= number <= 3600:
        raise ValueError("must be seconds, from 0 to 3600")
    return number


def one_of(text: str, *words: str) -> str:
    """One of a few words."""
    if text not in words:
        raise ValueError(f"must be {' or '.join(words)}")
    return text
