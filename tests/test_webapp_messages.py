"""The interface's messages: complete in every language, documented, used, and nothing said outside them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from capx_graph.messages import DOCUMENTATION, Messages, parse
from capx_graph.resources import messages_dir

WEBAPP = messages_dir().parent
MESSAGES = Messages.load(messages_dir())
TRANSLATED = tuple(code for code in MESSAGES.languages if code != "en")

STATIC_KEY = re.compile(
    r"""\bt{1,2}\('([a-z0-9_-]+)'[,)]|(?:text|html)\(\s*"([a-z0-9_-]+)"[,)]|"((?:reason|match)-[a-z-]+)\""""
)
DYNAMIC_KEY = re.compile(r"""\bt{1,2}\('([a-z0-9_-]+-)' ~|f"([a-z-]+-)\{|tr\.has\('([a-z]+-)' ~""")
ENDINGS_OF_VARIANTS = ("-part",)


@cache
def sources() -> dict[str, str]:
    """Templates and Python of the pages, and of what is mailed, by name."""
    mailed = WEBAPP.parent / "capx_graph" / "notices.py"
    paths = [*WEBAPP.rglob("*.html"), *WEBAPP.rglob("*.py"), mailed]
    return {path.relative_to(WEBAPP.parent).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def found(pattern: re.Pattern[str]) -> set[str]:
    groups = (match.groups() for text in sources().values() for match in pattern.finditer(text))
    return {group for hits in groups for group in hits if group}


def places(code: str, key: str) -> set[str]:
    """The parameters that a message uses."""
    return set(re.findall(r"\$\d+", MESSAGES.raw(code, key)))


def test_every_message_that_is_used_exists() -> None:
    used = {key for key in found(STATIC_KEY) if not key.endswith("-")}
    assert len(used) > 100
    assert not used - MESSAGES.keys("en")


def test_every_message_is_used() -> None:
    static, prefixes = found(STATIC_KEY), (*found(DYNAMIC_KEY), "facet-", "class-", "role-", "level-")
    unused = {
        key
        for key in MESSAGES.keys("en")
        if key not in static and not key.startswith(prefixes) and key.removesuffix("-part") not in static
    }
    assert not unused


def test_every_message_is_documented() -> None:
    assert MESSAGES.keys(DOCUMENTATION) == MESSAGES.keys("en")
    assert all(MESSAGES.raw(DOCUMENTATION, key).strip() for key in MESSAGES.keys("en"))


def test_the_documentation_names_every_parameter() -> None:
    for key in MESSAGES.keys("en"):
        assert places("en", key) <= places(DOCUMENTATION, key) | {"$1"} if "$1" in places("en", key) else True
        assert not places("en", key) - places(DOCUMENTATION, key), key


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_language_is_complete(code: str) -> None:
    assert not MESSAGES.keys("en") - MESSAGES.keys(code)
    assert not MESSAGES.keys(code) - MESSAGES.keys("en")


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_uses_the_parameters_of_the_original(code: str) -> None:
    for key in MESSAGES.keys(code):
        assert places(code, key) == places("en", key), f"{code}: {key}"


@pytest.mark.parametrize("code", MESSAGES.languages)
def test_every_message_can_be_parsed_and_holds_no_markup(code: str) -> None:
    for key in MESSAGES.keys(code):
        text = MESSAGES.raw(code, key)
        parse(text)
        assert not re.search(r"<[a-z/]|&[a-z#0-9]+;", text), f"{code}: {key}"


def test_the_languages_of_the_first_release_are_there() -> None:
    assert {
        "en",
        "pt",
        "pt-br",
        "es",
        "fr",
        "de",
        "it",
        "ja",
        "ar",
        "he",
        "uk",
        "tr",
        "id",
        "sw",
        "zh-hans",
        "hi",
    } <= set(MESSAGES.languages)


VISIBLE_ATTRIBUTE = re.compile(r'\b(?:title|alt|placeholder|aria-label)="([^"]*)"')
NOT_WORDS = {"search-page", "Turtle", "JSON-LD", "pt-br", "BR", "WMB", "commons", "wikidata:Q11024", "Q12"}


@pytest.mark.parametrize("name", sorted(name for name in sources() if name.endswith(".html")))
def test_a_template_says_nothing_of_its_own(name: str) -> None:
    text = sources()[name]
    without_code = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    attributes = [value for value in VISIBLE_ATTRIBUTE.findall(without_code) if re.search(r"[^\W\d_]{2}", value)]
    assert not attributes
    words = re.sub(r"<[^>]*>", "\n", without_code)
    said = {line.strip(" ,·") for line in words.splitlines() if re.search(r"[^\W\d_]{2}", line)}
    assert not said - NOT_WORDS


def test_python_of_the_pages_holds_no_sentences_for_readers() -> None:
    """Texts of errors are the exception: they name a parameter and its rule, and are marked as English."""
    for name, text in sources().items():
        if name.endswith(".py"):
            assert not re.search(r">[A-Za-z ]{3,}<", text), name


def test_the_scripts_take_their_words_from_the_server() -> None:
    for path in Path(WEBAPP / "static" / "js").glob("*.js"):
        assert not re.search(r"textContent = ['\"`]", path.read_text(encoding="utf-8")), path.name
