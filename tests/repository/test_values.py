"""Values on their way in and out: normal forms, rules of datatypes, hashes, parsing, words of languages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capx_graph.repository.refusals import Malformed, Refused
from capx_graph.repository.values import datavalues, plainformat
from capx_graph.repository.values.datavalues import GREGORIAN, JULIAN
from capx_graph.repository.values.hashes import snak_hash
from capx_graph.repository.values.parsefailure import ParseFailure
from capx_graph.repository.values.parsing import ValueParser
from capx_graph.repository.values.validators import Validators
from capx_graph.repository.values.words import number_marks


def time(text: str, precision: int, calendar: str = GREGORIAN) -> dict[str, Any]:
    value = {"time": text, "timezone": 0, "before": 0, "after": 0, "precision": precision, "calendarmodel": calendar}
    return {"type": "time", "value": value}


def quantity(amount: object, **more: str) -> dict[str, Any]:
    return {"type": "quantity", "value": {"amount": amount, "unit": "1", **more}}


def test_the_hash_of_a_snak_is_wikibases() -> None:
    value = {"type": "string", "value": "x"}
    assert snak_hash("value", "P1", value) == "9b99748fee73e9b2c37df29b86551e8d6bb50617"


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("5", "+5"),
        (5, "+5"),
        (-5.5, "-5.5"),
        (0.25, "+0.25"),
        ("-0.00", "+0.00"),
        ("+1.50", "+1.50"),
        (" 7 ", "+7"),
        (1e21, "+1000000000000000000000"),
    ],
)
def test_an_amount_has_one_form(given: object, normal: str) -> None:
    assert datavalues.decimal(given) == normal


@pytest.mark.parametrize(
    "wrong",
    [
        quantity("five"),
        quantity("1e5"),
        quantity("05"),
        quantity(True),
        quantity(float("inf")),
        quantity("1" * 200),
        quantity("1", upperBound="2"),
        quantity("3", upperBound="2", lowerBound="1"),
        {"type": "quantity", "value": {"amount": "1"}},
        {"type": "quantity", "value": {"amount": "1", "unit": ""}},
        time("2026-01-01T00:00:00Z", 11),
        time("+2026-13-01T00:00:00Z", 11),
        time("+2026-00-01T00:00:00Z", 11),
        time("+2026-01-00T10:00:00Z", 11),
        time("+2026-01-01T00:00:00Z", 15),
        time("+2026-01-01T00:00:00Z", 11, ""),
        {"type": "globecoordinate", "value": {"latitude": 361, "longitude": 0}},
        {"type": "globecoordinate", "value": {"latitude": "north", "longitude": 0}},
        {"type": "wikibase-entityid", "value": {"id": "X1"}},
        {"type": "wikibase-entityid", "value": {"entity-type": "item", "numeric-id": "1x"}},
        {"type": "monolingualtext", "value": {"text": "x"}},
        {"type": "string", "value": 5},
        {"type": "nonsense", "value": 5},
        {"type": ["string"], "value": 5},
        {"value": 5},
        "x",
    ],
)
def test_what_is_no_value_is_refused(wrong: object) -> None:
    with pytest.raises(Malformed):
        datavalues.read(wrong)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=6))
def test_decimals_are_compared_as_numbers(number: Any) -> None:
    text = datavalues.decimal(f"{number:f}")
    assert datavalues.compare_decimals(text, datavalues.decimal("0")) == (number > 0) - (number < 0)
    assert datavalues.decimal(text) == text


def test_years_lose_needless_zeros() -> None:
    assert datavalues.read(time("+0000002026-01-01T00:00:00Z", 11))["value"]["time"] == "+2026-01-01T00:00:00Z"
    assert datavalues.read(time("-5-00-00T00:00:00Z", 9))["value"]["time"] == "-0005-00-00T00:00:00Z"


@pytest.mark.parametrize(
    ("language", "day", "century", "before", "number"),
    [
        ("en", "11 March 1952", "19. century", "15 March 44 BCE", "1,234,567.5"),
        ("de", "11. März 1952", "19. Jahrhundert", "15. März 44 v. u. Z.", "1.234.567,5"),
        ("fr", "11 mars 1952", "19e siècle", "15 mars 44 av. J.\u2060-\u2060C.", "1 234 567,5"),
        ("es", "11 mar 1952", "19. siglo", "15 mar 44 a. e. c.", "1 234 567,5"),
        ("pt", "11 março 1952", "19. século", "15 março 44 a.C. (AEC)", "1 234 567,5"),
        ("pt-br", "11 março 1952", "19. século", "15 março 44 BCE", "1 234 567,5"),
        ("ja", "11 3 1952", "19世紀", "15 3 紀元前 44", "1,234,567.5"),
        ("ru", "11 марта 1952", "19. century", "15 марта 44 до н. э.", "1 234 567,5"),
        ("cs", "11. 3. 1952", "19. century", "15. 3. 44 př. n. l.", "1 234 567,5"),
        ("hi", "११ मार्च 1952", "19. century", "१५ मार्च 44 ईसा-पूर्व", "१२,३४,५६७.५"),
        ("de-at", "11. März 1952", "19. Jahrhundert", "15. März 44 v. u. Z.", "1.234.567,5"),
    ],
)
def test_values_read_in_the_words_of_a_language(
    language: str, day: str, century: str, before: str, number: str
) -> None:
    def read(datavalue: dict[str, Any]) -> str:
        text = plainformat.plain(datavalue, language, lambda _: None)
        return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")

    assert read(time("+1952-03-11T00:00:00Z", 11)) == day
    assert read(time("+1900-00-00T00:00:00Z", 7)) == century
    assert read(time("-0044-03-15T00:00:00Z", 11, JULIAN)) == before
    assert read(quantity("+1234567.5")) == number


def test_a_lone_digit_is_not_set_apart_where_the_language_does_not() -> None:
    assert number_marks("es").grouped("1234") == "1234"
    assert number_marks("en").grouped("1234") == "1,234"
    assert number_marks("hi").grouped("12345678") == "1,23,45,678"


def test_a_calendar_is_shown_where_it_could_be_mistaken() -> None:
    assert plainformat.needs_calendar(time("+1600-01-01T00:00:00Z", 11)["value"])
    assert plainformat.needs_calendar(time("+2000-01-01T00:00:00Z", 11, JULIAN)["value"])
    assert not plainformat.needs_calendar(time("+2000-01-01T00:00:00Z", 11)["value"])
    shown = plainformat.time(time("+2000-01-01T00:00:00Z", 11, JULIAN)["value"], "en", show_calendar=True)
    assert shown == "1 January 2000 (Julian)"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("1 March 1999", "en", ("+1999-03-01T00:00:00Z", 11, GREGORIAN)),
        ("March 1, 1999", "en", ("+1999-03-01T00:00:00Z", 11, GREGORIAN)),
        ("12. Januar 2020", "de", ("+2020-01-12T00:00:00Z", 11, GREGORIAN)),
        ("3 de marzo de 2020", "es", None),
        ("1999-03", "en", ("+1999-03-00T00:00:00Z", 10, GREGORIAN)),
        ("100 BC", "en", ("-0100-00-00T00:00:00Z", 9, JULIAN)),
        ("1990s", "en", ("+1990-00-00T00:00:00Z", 8, GREGORIAN)),
        ("31.12.1999", "en", ("+1999-12-31T00:00:00Z", 11, GREGORIAN)),
        ("1999-02-30", "en", ("+1999-02-30T00:00:00Z", 11, GREGORIAN)),
        ("yesterday", "en", None),
        ("", "en", None),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, language: str, expected: tuple[str, int, str] | None) -> None:
    parser = ValueParser("time", {}, language)
    if expected is None:
        with pytest.raises(ParseFailure):
            parser.parse(text)
        return
    value = parser.parse(text)["value"]
    assert (value["time"], value["precision"], value["calendarmodel"]) == expected


@pytest.mark.parametrize(
    ("text", "language", "amount"),
    [
        ("1,234.5", "en", "+1234.5"),
        ("1.234,5", "de", "+1234.5"),
        ("1 234,5", "fr", "+1234.5"),
        ("−5", "en", "-5"),
        ("1e3", "en", "+1000"),
        ("2.5x10^-2", "en", "+0.025"),
    ],
)
def test_quantities_are_read_with_the_marks_of_the_language(text: str, language: str, amount: str) -> None:
    assert ValueParser("quantity", {}, language).parse(text)["value"]["amount"] == amount


@pytest.mark.parametrize("datatype", ["time", "quantity", "globe-coordinate"])
@pytest.mark.parametrize("part", [" ", "1 ", "January ", "-1.", "1°", "("])
def test_a_long_text_is_no_value_and_keeps_nobody_busy(datatype: str, part: str) -> None:
    parser = ValueParser(datatype, {}, "en")
    for length in (400, 1_000_000):
        with pytest.raises(ParseFailure):
            parser.parse((part * length)[:length])


def test_a_margin_becomes_bounds() -> None:
    value = ValueParser("quantity", {}, "en").parse("10±0.5")["value"]
    assert (value["amount"], value["lowerBound"], value["upperBound"]) == ("+10", "+9.5", "+10.5")
    value = ValueParser("quantity", {}, "en").parse("1.5~")["value"]
    assert (value["lowerBound"], value["upperBound"]) == ("+1.45", "+1.55")


@pytest.mark.parametrize(
    ("text", "latitude", "longitude"),
    [
        ("10.5, -20", 10.5, -20),
        ("10°30'S 20°E", -10.5, 20),
        ("52° 31' 12\" N, 13° 24' 18\" E", 52.52, 13.405),
    ],
)
def test_coordinates_are_read_in_every_usual_form(text: str, latitude: float, longitude: float) -> None:
    value = ValueParser("globe-coordinate", {}, "en").parse(text)["value"]
    assert value["latitude"] == pytest.approx(latitude)
    assert value["longitude"] == pytest.approx(longitude)


VALIDATORS = Validators(
    entity_base="https://example.org/entity/",
    exists={"Q1", "P1"}.__contains__,
    known_language={"en", "mis"}.__contains__,
)


def item(entity_id: str) -> dict[str, Any]:
    return datavalues.read({"type": "wikibase-entityid", "value": {"id": entity_id}})


def string(text: str) -> dict[str, Any]:
    return {"type": "string", "value": text}


@pytest.mark.parametrize(
    ("datatype", "value", "code"),
    [
        ("string", string(" x"), "illegal-string-chars"),
        ("string", string("a\tb"), "illegal-string-chars"),
        ("string", string(""), "too-short"),
        ("string", string("x" * 401), "too-long"),
        ("string", quantity("+1"), "bad-value-type"),
        ("external-id", string("x\n"), "illegal-string-chars"),
        ("url", string("no-scheme"), "url-scheme-missing"),
        ("url", string("bogus://x.example"), "bad-url-scheme"),
        ("commonsMedia", string("no extension"), "check-file-type"),
        ("wikibase-item", item("Q2"), "no-such-entity"),
        ("wikibase-item", item("P1"), "bad-entity-type"),
        ("quantity", quantity("+1") | {"value": {"amount": "+1", "unit": "https://other.org/Q1"}}, "not-allowed"),
        ("monolingualtext", {"type": "monolingualtext", "value": {"text": "x", "language": "xx"}}, "not-a-language"),
        ("time", time("+2026-01-01T00:00:00Z", 14), "too-high"),
        ("time", time("+2026-01-01T00:00:00Z", 11, "https://example.org/lunar"), "bad-prefix"),
    ],
)
def test_a_datatype_has_rules_of_its_own(datatype: str, value: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        VALIDATORS.check(value, datatype)
    assert any(code in message.name for message in caught.value.messages), caught.value.messages


@pytest.mark.parametrize(
    ("datatype", "value"),
    [
        ("string", string("x" * 400)),
        ("url", string("https://example.org/?a=b#c")),
        ("commonsMedia", string("A file.svg")),
        ("wikibase-item", item("Q1")),
        ("wikibase-property", item("P1")),
        ("quantity", {"type": "quantity", "value": {"amount": "+1", "unit": "https://example.org/entity/Q1"}}),
        ("monolingualtext", {"type": "monolingualtext", "value": {"text": "x", "language": "mis"}}),
        ("time", time("+2026-01-01T00:00:00Z", 11, JULIAN)),
    ],
)
def test_a_good_value_passes(datatype: str, value: dict[str, Any]) -> None:
    VALIDATORS.check(value, datatype)
