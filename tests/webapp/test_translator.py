"""Interface messages: parameters, plurals, genders, fallback, and that no translation can bring in markup."""

from __future__ import annotations

from pathlib import Path

import pytest
from markupsafe import Markup

from capx_graph.errors import DataError
from capx_graph.messages import Messages, Translator, parse


def reader(code: str = "en", **texts: str) -> Translator:
    """A translator for ``code`` whose language has these messages."""
    return Messages({code: {key.replace("_", "-"): text for key, text in texts.items()}}).translator(code)


def test_parameters_are_put_in_and_escaped() -> None:
    translator = reader(hit="$1 offers <$2>")
    assert translator.text("hit", "<b>Ana</b>", "x") == "<b>Ana</b> offers <x>"
    assert translator.html("hit", "<b>Ana</b>", Markup("<i>x</i>")) == (
        "&lt;b&gt;Ana&lt;/b&gt; offers &lt;<i>x</i>&gt;"
    )


def test_a_message_is_text_and_its_markup_is_shown_not_obeyed() -> None:
    assert reader(evil="<script>alert(1)</script>").html("evil") == "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize(("count", "said"), [(1, "1 person"), (0, "nobody"), (2, "2 people"), (1234, "1,234 people")])
def test_english_has_two_plurals_and_explicit_numbers(count: int, said: str) -> None:
    translator = reader(people="{{PLURAL:$1|0=nobody|$1 person|$1 people}}")
    assert translator.text("people", count) == said


@pytest.mark.parametrize(
    ("count", "form"), [(0, "zero"), (1, "one"), (2, "two"), (3, "few"), (11, "many"), (100, "other")]
)
def test_arabic_has_six_plurals(count: int, form: str) -> None:
    assert reader("ar", n="{{PLURAL:$1|zero|one|two|few|many|other}}").text("n", count) == form


def test_a_missing_plural_form_is_replaced_by_the_last_one() -> None:
    assert reader("ar", n="{{PLURAL:$1|one form}}").text("n", 3) == "one form"


def test_the_plural_rule_is_that_of_the_language_the_text_is_in() -> None:
    messages = Messages({"en": {"n": "{{PLURAL:$1|one|many}}"}})
    assert messages.translator("ar").text("n", 1) == "one"
    assert messages.translator("ar").text("n", 0) == "many"


@pytest.mark.parametrize(("gender", "said"), [("male", "he"), ("female", "she"), ("unknown", "they"), ("", "they")])
def test_gender_chooses_among_three(gender: str, said: str) -> None:
    assert reader(g="{{GENDER:$1|he|she|they}}").text("g", gender) == said


def test_braces_may_hold_parameters_and_each_other() -> None:
    translator = reader(n="{{PLURAL:$1|$2 and {{GENDER:$3|his|her|their}} friend|$1 friends of $2}}")
    assert translator.text("n", 1, "Ana", "female") == "Ana and her friend"
    assert translator.text("n", 5, "Ana", "female") == "5 friends of Ana"


def test_foreign_text_can_be_isolated() -> None:
    translator = reader(b="by {{bidi:$1}}")
    assert translator.text("b", "أنا") == "by \u2068أنا\u2069"
    assert translator.html("b", "<أنا>") == "by <bdi>&lt;أنا&gt;</bdi>"


def test_what_is_not_translated_falls_back_along_the_chain() -> None:
    messages = Messages({"en": {"a": "en", "b": "en"}, "pt": {"a": "pt"}, "qqq": {"a": "doc"}})
    translator = messages.translator("pt-br")
    assert (translator.text("a"), translator.text("b"), translator.text("c")) == ("pt", "en", "⧼c⧽")
    assert messages.languages == ("en", "pt")


def test_a_parameter_that_is_missing_stays_visible() -> None:
    assert reader(m="$1 of $2").text("m", "a") == "a of $2"


def test_a_brace_of_its_own_is_text() -> None:
    translator = reader(own="{$1} {}", told="{{bidi:$1}}}")
    assert translator.text("own", "x", "y") == "{x} {}"
    assert translator.text("own", 1234) == "{1,234} {}"
    assert translator.text("told", "x") == "\u2068x\u2069}"


def test_a_brace_that_never_closes_is_refused() -> None:
    with pytest.raises(DataError, match="never closes"):
        parse("{{PLURAL:$1|one|other")


def test_lists_dates_and_numbers_are_written_as_the_language_does() -> None:
    english, german = reader("en"), reader("de")
    assert english.listing(["a", "<b>", Markup("<i>c</i>")]) == "a, &lt;b&gt;, and <i>c</i>"
    assert english.listing([]) == ""
    assert german.number(12345) == "12.345"
    assert german.day("2026-06-01T00:00:00Z") == "1. Juni 2026"
    assert german.day("some day") == "some day"


def test_a_file_that_is_no_banana_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "en.json").write_text('{"a": 1}')
    with pytest.raises(DataError, match=r"en\.json"):
        Messages.load(tmp_path)
