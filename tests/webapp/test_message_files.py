"""The interface's messages: complete in every language, documented, used, and nothing said outside them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from capx_graph.messages import DOCUMENTATION, Messages, parse
from capx_graph.resources import messages_dir

WEBAPP = messages_dir().parent
MESSAGES = Messages.load(messages_dir())
TRANSLATED = tuple(code for code in MESSAGES.languages if code != "en")

STATIC_KEY = re.compile(
    r"""\bt{1,2}\('([a-z0-9_-]+)'[,)]|(?:text|html|told)\(\s*"([a-z0-9_-]+)"[,)]|"((?:reason|match)-[a-z-]+)\""""
    r"""|\berrors\.\w+: "([a-z0-9-]+)\""""
)
DYNAMIC_KEY = re.compile(r"""\bt{1,2}\('([a-z0-9_-]+-)' ~|f"([a-z-]+-)\{|tr\.has\('([a-z]+-)' ~""")
SPEAKING = ("notices/delivery.py", "membership/checking.py", "stewardship/checking.py")
"""Rooms below the pages that speak to readers, by messages."""


@cache
def sources() -> dict[str, str]:
    """Templates and Python of the pages, of what is mailed and of what forms say at a field, by name."""
    rooms = (WEBAPP.parent / "capx_graph" / room for room in SPEAKING)
    paths = [*WEBAPP.rglob("*.html"), *WEBAPP.rglob("*.py"), *rooms]
    return {path.relative_to(WEBAPP.parent).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@cache
def tellers() -> tuple[str, ...]:
    """Python below the pages that hands up lines which they say in the reader's language."""
    texts = (path.read_text(encoding="utf-8") for path in (WEBAPP.parent / "capx_graph").rglob("*.py"))
    return tuple(text for text in texts if re.search(r"from capx_graph\.messages import .*\btold\b|def told\(", text))


def found(pattern: re.Pattern[str]) -> set[str]:
    groups = (match.groups() for text in (*sources().values(), *tellers()) for match in pattern.finditer(text))
    return {group for hits in groups for group in hits if group}


def places(code: str, key: str) -> set[str]:
    """The parameters that a message shows or counts; whether it needs a gender is the language's affair."""
    return set(re.findall(r"\$\d+", re.sub(r"\{\{GENDER:\$\d+", "", MESSAGES.raw(code, key))))


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
def test_a_gender_is_asked_for_only_where_translators_are_told_that_it_is_given(code: str) -> None:
    for key in MESSAGES.keys(code):
        for number in re.findall(r"\{\{GENDER:(\$\d+)", MESSAGES.raw(code, key)):
            assert re.search(rf"\{number}[^$]*GENDER", MESSAGES.raw(DOCUMENTATION, key)), f"{code}: {key}"


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


VISIBLE_ATTRIBUTE = re.compile(
    r"""\b(?:title|alt|placeholder|label|summary|aria-(?:label|description|roledescription|valuetext|placeholder))="""
    r"""(?:"([^"]*)"|'([^']*)')|<(?:input|button)[^>]*\btype="(?:submit|button|reset)"[^>]*\bvalue="([^"]*)\""""
)
NOT_WORDS = {"search-page", "Turtle", "JSON-LD", "pt-br", "BR", "WMB", "commons", "wikidata:Q11024", "Q12"}
NAMES = {
    "Accept", "Accept-Language", "Accept: application/json", "Ana", "CC BY 4.0", "Codex", "JavaScript", "OpenAPI",
    "Python", "SELECT ?person WHERE {", "?person capx:offers ?capacity .", "?capacity rdfs:label ",
    "Wikibase", "capx demo add", "capx directory", "capx validate --publish", "light dark",
    "wiki-snaks wiki-qualifiers", "SERVICE wikibase:label",
}  # fmt: skip
"""What templates hand on between quotes that is no sentence: names, code, classes of style, a command."""
WORDS = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}|^[A-Z][a-z]{2,}")


@pytest.mark.parametrize("name", sorted(name for name in sources() if name.endswith(".html")))
def test_a_template_says_nothing_of_its_own(name: str) -> None:
    text = sources()[name]
    without_code = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    attributes = {value for values in VISIBLE_ATTRIBUTE.findall(without_code) for value in values}
    assert not {value for value in attributes if re.search(r"[^\W\d_]{2}", value)}
    words = re.sub(r"<[^>]*>", "\n", without_code)
    said = {line.strip(" ,·") for line in words.splitlines() if re.search(r"[^\W\d_]{2}", line)}
    assert not said - NOT_WORDS


@pytest.mark.parametrize("name", sorted(name for name in sources() if name.endswith(".html")))
def test_a_template_hands_no_sentence_on(name: str) -> None:
    """Between quotes in an expression: a caption for a macro, what is shown where a value is missing."""
    code = re.findall(r"\{[{%].*?[}%]\}", sources()[name], re.DOTALL)
    quoted = {text for part in code for texts in re.findall(r"'([^']*)'|\"([^\"]*)\"", part) for text in texts}
    keys = re.compile(r"(?:(?:Ctrl|Alt)\+)?(?:Enter|Space|Escape|[↑↓])")
    assert not {text for text in quoted if WORDS.search(text) and not keys.fullmatch(text)} - NAMES


SENTENCE = re.compile(r"[A-Za-z][a-z’']+(?:,? [A-Za-z’'-]+){2,}")
ENGLISH_BY_CONTRACT = {"webapp/rooms/reconcile.py", "webapp/rooms/sparql.py"}
"""Answers to programs in the words of a protocol, which knows one language."""
NO_SENTENCES = {
    "nofollow noopener ugc", "src 'self' data", "src 'self' 'nonce-", "unforeseen error at",
    "you want media", "they offer video editing, a part of it", "offers public speaking, part of your communication",
    "times in an hour", "media screen and",
}  # fmt: skip
"""Attributes, headers, styles, lines of the log, examples of answers, refusals of programs that ask too often."""
CODES = re.compile(r"(?:[a-z]{2}(?:-[a-z]{2})? ?)+")
FOR_READERS_OF_LOGS = re.compile(r"Invalid|NotFound|Forbidden|Conflict|Unavailable|LimitExceeded|RateLimited|.*Error$")


def spoken(tree: ast.Module) -> Iterator[str]:
    """Constants that read as sentences, without docstrings, conditions and errors; those are marked as English."""
    aside: set[int] = set()
    for node in ast.walk(tree):
        name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
        told = isinstance(node, ast.Call) and FOR_READERS_OF_LOGS.match(name)
        if isinstance(node, ast.Raise | ast.Assert | ast.Expr) and not isinstance(
            getattr(node, "value", None), ast.Call
        ):
            told = True
        if told:
            aside.update(id(inner) for inner in ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside:
            yield from SENTENCE.findall(node.value)


def test_python_of_the_pages_holds_no_sentences_for_readers() -> None:
    """Texts of errors are the exception: they name a parameter and its rule, and are marked as English."""
    for name, text in sources().items():
        if name.endswith(".py"):
            assert not re.search(r">[A-Za-z ]{3,}<", text), name
            if name not in ENGLISH_BY_CONTRACT:
                said = set(spoken(ast.parse(text))) - NO_SENTENCES
                assert not {each for each in said if not CODES.fullmatch(each)}, name


SCRIPTS = sorted((*(WEBAPP / "static" / "js").glob("*.js"), *(WEBAPP / "static" / "query").glob("*.js")))
SINK = re.compile(
    r"""(?:\.(?:textContent|innerText|innerHTML|title|alt|placeholder|label|ariaLabel|ariaDescription)\s*\+?=\s*"""
    r"""|setAttribute\(\s*['"](?:title|alt|placeholder|label|aria-(?:label|description|roledescription|valuetext))['"]\s*,\s*"""
    r"""|\b(?:append|prepend|before|after|replaceChildren|createTextNode|alert|confirm|prompt)\(\s*)"""
    r"""(['"`])(?P<said>(?:(?!\1).)*)\1"""
)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_takes_its_words_from_the_server(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    said = {re.sub(r"\$\{[^}]*\}", "", found["said"]) for found in SINK.finditer(text)}
    assert not {words for words in said if re.search(r"[^\W\d_]{2}", words)}
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
    assert not re.findall(r"""(?<=['"`])[A-Z][a-z’]+(?:,? [a-z’-]+)+[.!?…:]?(?=['"`])""", code)


def test_the_glossary_has_the_words_of_the_messages() -> None:
    head, _, *rows = re.findall(r"^\|(.+)\|$", (messages_dir() / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    keys = re.findall(r"`([a-z-]+)`", head)
    told = {cells[0].strip(): [cell.strip() for cell in cells[2:]] for cells in (row.split("|") for row in rows)}
    assert told == {code: [MESSAGES.raw(code, key) for key in keys] for code in TRANSLATED}


TYPOGRAPHY = {
    "fr": r" [:;?!»]|« |'",
    "ja": r"[\u3040-\u30ff\u4e00-\u9fff][:?!]|[\u3040-\u30ff\u4e00-\u9fff] ?\([^a-z]|\.\.\.",
    "ar": r"[\u0600-\u06ff][?,;]",
    "hi": r"[\u0900-\u097f]{3,}\.$",
    "es": r"^[^¿]*\?|^[^¡]*!",
    "de": r"\b(?:[a-zäöü]+en Sie|Ihnen|Ihre[mnrs]?)\b",
    "zh-hans": "你",
}
"""What a language's own printers would not set: plain spaces before a French colon, half-width marks among kana,
Latin marks after Arabic letters, an address that changes from one page to the next."""


@pytest.mark.parametrize(("code", "odd"), TYPOGRAPHY.items(), ids=TYPOGRAPHY.keys())
def test_a_language_is_set_as_its_readers_set_it(code: str, odd: str) -> None:
    texts = {key: MESSAGES.raw(code, key) for key in MESSAGES.keys(code)}
    assert not {key: text for key, text in texts.items() if re.search(odd, text)}
