"""Language facts: chains, directions, names and the codes Wikibase accepts."""

from __future__ import annotations

import pytest

from capx_graph import languages


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("en", ("en",)),
        ("pt-br", ("pt-br", "pt", "en")),
        ("zh-hant", ("zh-hant", "zh-tw", "zh-hk", "zh", "zh-hans", "en")),
        ("arz", ("arz", "ar", "en")),
        ("ja", ("ja", "en")),
        ("xx-nope", ("xx-nope", "en")),
    ],
)
def test_a_chain_starts_with_the_language_and_ends_with_english(code: str, chain: tuple[str, ...]) -> None:
    assert languages.fallback(code) == chain


def test_a_reader_of_several_languages_gets_the_relatives_of_each_before_english() -> None:
    assert languages.reader_chain(["pt-br", "es"]) == ("pt-br", "pt", "es", "en")
    assert languages.reader_chain(["en", "fr"]) == ("en", "fr")
    assert languages.reader_chain([]) == ("en",)


def test_direction_is_inherited_along_the_chain() -> None:
    assert languages.is_rtl("ar")
    assert languages.is_rtl("ks")
    assert not languages.is_rtl("ks-deva")
    assert not languages.is_rtl("pt-br")


def test_names_come_in_the_readers_language_and_fall_back() -> None:
    assert languages.name("ja", "pt-br") == "japonês"
    assert languages.name("pt-br", "de") == "Portugiesisch (Brasilien)"
    assert languages.name("pt-br", "pt") == "português do Brasil"
    assert languages.name("gcr", "ja") == "Guianan Creole"
    assert languages.name("xx-nope", "en") == "xx-nope"


def test_a_language_has_its_own_name() -> None:
    assert languages.autonym("pt-br") == "português do Brasil"
    assert languages.autonym("ar") == "العربية"
    assert languages.name("ja", "ja") == "日本語"


def test_wikibase_takes_more_codes_for_text_than_for_terms() -> None:
    terms, texts = languages.term_codes(), languages.monolingual_codes()
    assert {"en", "pt-br", "zh-hans", "de-formal", "simple"} <= terms
    assert not {"mul", "mis", "und", "zxx", "xx-nope"} & terms
    assert {"en", "pt-br", "mul", "mis", "und", "zxx", "en-us"} <= texts
    assert not {"de-formal", "simple", "be-x-old", "xx-nope"} & texts


@pytest.mark.parametrize(
    ("code", "tag"), [("pt-br", "pt-BR"), ("sr-el", "sr-Latn"), ("zh-hans", "zh-Hans"), ("zh-yue", "yue"), ("en", "en")]
)
def test_wiki_codes_have_standard_tags(code: str, tag: str) -> None:
    assert languages.bcp47(code) == tag


@pytest.mark.parametrize(
    ("tag", "code"),
    [("pt-PT", "pt"), ("pt-BR", "pt-br"), ("sr-Latn-RS", "sr-el"), ("zh-Hant-TW", "zh-tw"), ("iw", "he"), ("q1", "q1")],
)
def test_a_browsers_tag_becomes_a_wiki_code(tag: str, code: str) -> None:
    assert languages.from_bcp47(tag) == code


def test_a_tag_is_read_as_far_as_tags_go() -> None:
    assert languages.from_bcp47("PT-br" + "-x" * 20_000) == "pt-br"
    assert len(languages.from_bcp47("-" * 40_000)) == 35


def test_every_fallback_is_free_of_itself_and_every_row_has_a_flag_or_a_name() -> None:
    for code in languages.term_codes():
        chain = languages.fallback(code)
        assert len(chain) == len(set(chain))
        assert chain[-1] == "en" or "en" in chain
        assert languages.autonym(code)


def test_conventions_of_an_unknown_language_are_those_of_its_chain() -> None:
    assert str(languages.locale("pt-br")) == "pt_BR"
    assert str(languages.locale("arz")).startswith("ar")
    assert str(languages.locale("xx-nope")) == "en"


def test_names_in_exactly_one_language_do_not_fall_back() -> None:
    assert languages.own_name("ja", "de") == "Japanisch"
    assert languages.own_name("ja", "zh-min-nan") is None
    assert languages.territory_name("BR", "ar") == "البرازيل"
    assert languages.territory_name("BR", "zh-min-nan") is None
    assert languages.territory_name("XX", "en") is None


def test_portuguese_without_a_country_is_that_of_portugal() -> None:
    assert languages.territory_name("IR", "pt") == "Irão"
    assert languages.territory_name("IR", "pt-br") == "Irã"
