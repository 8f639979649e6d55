"""What the wiki's own pages are made of: values, names, histories, differences, and lists."""

from __future__ import annotations

from typing import Any

import pytest

from capx_graph.errors import NotFound
from capx_graph.wikipages import (
    Comment,
    Moment,
    Named,
    RecentFilter,
    ValueKind,
    WikiPages,
)
from capx_graph.wikipages.differences import compared
from capx_graph.wikipages.values import moment_of
from tests.houses.small_wiki import READER, SmallWiki, claim, day, first_item, item, snak, terms


def test_an_entity_is_told_in_the_readers_words(pages: WikiPages) -> None:
    view = pages.entity("Q1", reader=("pt-br", "pt", "en"))
    assert (view.name.label, view.name.language) == ("primeiro", "pt")
    assert view.description is not None
    assert view.description.language == "en"
    assert [one.language for one in view.terms] == ["pt", "en", "de"]
    assert view.own_terms == 2
    assert view.terms[1].aliases == ("uno", "number one")


def test_values_come_with_what_they_link_to(pages: WikiPages) -> None:
    view = pages.entity("Q1", reader=READER)
    values = {group.property.id: group.statements[0].value for group in view.groups}
    assert values["P4"].address == "https://id.example/a/b%20c"
    assert values["P5"].address == "https://commons.wikimedia.org/wiki/File:A_picture.jpg"
    assert values["P6"].entity == Named("Q2", "second", "en")
    assert (values["P7"].kind, values["P7"].language) == (ValueKind.MONOLINGUAL, "pt")
    assert values["P8"].text == "12.5"
    assert values["P8"].entity == Named("Q2", "second", "en")
    assert values["P9"].moment == Moment("day", 44, 3, 15, before_christ=True)
    assert values["P10"].address is not None
    assert values["P10"].address.startswith("https://www.openstreetmap.org/?mlat=9.5&mlon=-33#")
    assert values["P11"].entity == Named("P2", "text", "en")
    assert values["P3"].kind is ValueKind.UNKNOWN


def test_a_statement_has_rank_qualifiers_and_references(pages: WikiPages) -> None:
    first, second = next(g for g in pages.entity("Q1", reader=READER).groups if g.property.id == "P2").statements
    assert (first.rank, second.rank) == ("preferred", "deprecated")
    assert first.qualifiers[0].property.label == "date"
    assert first.qualifiers[0].values[0].moment == Moment("month", 2020, 3)
    assert [line.property.id for line in first.references[0]] == ["P3", "P2"]


@pytest.mark.parametrize(
    ("time", "precision", "expected"),
    [
        ("+1999-12-31", 11, Moment("day", 1999, 12, 31)),
        ("+1999-00-00", 9, Moment("year", 1999)),
        ("+1999-00-00", 8, Moment("decade", 1990)),
        ("+1999-00-00", 7, Moment("century", 20)),
        ("+2000-00-00", 7, Moment("century", 20)),
        ("+2001-00-00", 6, Moment("millennium", 3)),
        ("-13798000000-00-00", 3, Moment("years", 13_798_000_000, before_christ=True)),
        ("+1500-01-01", 11, Moment("day", 1500, 1, 1, calendar="gregorian")),
        ("+1999-13-00", 10, None),
        ("+1999-00-00", 11, None),
        ("+1999-01-01", 14, None),
    ],
)
def test_a_time_is_told_as_far_as_it_is_known(time: str, precision: int, expected: Moment | None) -> None:
    assert moment_of(day(time, precision)) == expected


@pytest.mark.parametrize("template", ["javascript:alert('$1')", "data:text/html,$1", "//$1", "https://[$1"])
def test_only_addresses_of_the_web_become_links(wiki: SmallWiki, pages: WikiPages, template: str) -> None:
    property_ = wiki.repository.page("P4")
    assert property_ is not None
    entity = {**(property_.entity or {}), "claims": [claim(1, snak("P1", template), of="P4")]}
    wiki.edit(entity, actor="Eve")
    values = {g.property.id: g.statements[0].value for g in pages.entity("Q1", reader=READER).groups}
    assert (values["P4"].kind, values["P4"].address) == (ValueKind.TEXT, None)


def test_an_entity_that_is_not_there_is_named_by_its_id(wiki: SmallWiki, pages: WikiPages) -> None:
    wiki.repository.delete(["Q2"], actor="Boss")
    values = {g.property.id: g.statements[0].value for g in pages.entity("Q1", reader=READER).groups}
    assert values["P6"].entity == Named("Q2", "Q2", missing=True)


def test_what_is_not_there_is_known_for_its_deletion(pages: WikiPages) -> None:
    with pytest.raises(NotFound):
        pages.entity("Q4", reader=READER)
    gone = pages.gone("Q4", reader=READER)
    assert gone.deletion is not None
    assert (gone.deletion.actor, gone.deletion.comment) == ("Boss", Comment(pieces=("not needed",)))
    assert pages.gone("Q99", reader=READER).deletion is None


# -- histories


def test_a_history_goes_on_in_both_directions(wiki: SmallWiki, pages: WikiPages) -> None:
    made = [wiki.edit(item("Q2", labels=terms(en=f"n{number}")), actor="Ana") for number in range(6)]
    first = pages.history("Q2", reader=READER, limit=3)
    assert [line.revision_id for line in first.page.lines] == made[:2:-1]
    assert (first.page.following, first.page.preceding) == (made[2], None)
    second = pages.history("Q2", reader=READER, before=made[2], limit=3)
    assert [line.revision_id for line in second.page.lines] == made[2::-1]
    assert second.page.preceding == made[5]
    assert pages.history("Q2", reader=READER, before=second.page.following, limit=3).page.following is None


def test_an_owned_page_has_a_history_without_text(wiki: SmallWiki, pages: WikiPages) -> None:
    history = pages.history("Q5", reader=READER)
    newest, first = history.page.lines
    assert history.owner == "Olga"
    assert (newest.hidden, first.hidden) == (False, True)
    assert first.comment == Comment("x-y", ("1", "", "1"))
    view = pages.difference("Q5", first.revision_id, newest.revision_id, reader=READER)
    assert view.hidden
    assert not view.facts
    with pytest.raises(NotFound):
        pages.entity("Q5", reader=READER, revision=first.revision_id)


def test_summaries_are_taken_apart(wiki: SmallWiki, pages: WikiPages) -> None:
    said = "/* wbsetclaim-create:2||1 */ [[Property:P2]]: [[Item:Q1|<b>]], [[Special:X]] [[Item:Q99]]"
    wiki.edit(item("Q2", labels=terms(en="x")), actor="Ana", said=said)
    (line, *_) = pages.history("Q2", reader=READER).page.lines
    assert line.comment.action == "wbsetclaim-create"
    assert line.comment.arguments == ("2", "", "1")
    pieces = (Named("P2", "text", "en"), ": ", Named("Q1", "first", "en"), ", [[Special:X]] ")
    assert line.comment.pieces == (*pieces, Named("Q99", "Q99", missing=True))


# -- differences


def facts(wiki: SmallWiki, pages: WikiPages, entity: dict[str, Any]) -> list[Any]:
    """What an edit of Q1 changed."""
    before = wiki.newest("Q1")
    after = wiki.edit(entity, actor="Bo")
    return list(pages.difference("Q1", before, after, reader=READER).facts)


def test_changed_terms_are_told_by_language(wiki: SmallWiki, pages: WikiPages) -> None:
    changed = first_item(
        labels=terms(en="first one", fr="premier"),
        aliases={"en": [{"language": "en", "value": "uno"}, {"language": "en", "value": "eins"}]},
    )
    found = {(fact.fact, fact.language): fact for fact in facts(wiki, pages, changed)}
    assert found.keys() == {("label", "en"), ("label", "fr"), ("label", "pt"), ("alias", "en")}
    assert [(piece.text, piece.changed) for piece in found["label", "en"].new.pieces] == [
        ("first", False),
        (" one", True),
    ]
    assert found["label", "fr"].old is None
    assert found["label", "pt"].new is None
    assert (found["alias", "en"].old.texts, found["alias", "en"].new.texts) == (("number one",), ("eins",))


def test_changed_statements_are_told_part_by_part(wiki: SmallWiki, pages: WikiPages) -> None:
    claims = first_item()["claims"]
    claims[0] = claims[0] | {"rank": "normal", "qualifiers": [snak("P9", day("+2021-00-00", 9))], "references": []}
    claims[1] = claims[1] | {"mainsnak": snak("P2", "better")}
    changed = first_item(claims=[*claims[:2], *claims[3:], claim(20, snak("P2", "new"))])
    found = facts(wiki, pages, changed)
    told = [(fact.fact, fact.property.label) for fact in found if fact.property]
    assert told == [
        ("rank", "text"),
        ("qualifiers", "text"),
        ("references", "text"),
        ("value", "text"),
        ("statement", "identifier"),
        ("statement", "text"),
    ]
    rank, qualifiers, references, value, gone, come = found
    assert (rank.old.rank, rank.new.rank, rank.subject.text) == ("preferred", "normal", "main")
    assert qualifiers.new.said[0].values[0].moment == Moment("year", 2021)
    assert references.new is None
    assert (value.old.value.text, value.new.value.text) == ("worse", "better")
    assert (gone.new, come.old) == (None, None)
    assert come.new.statement.value.text == "new"


def test_moved_statements_are_told(wiki: SmallWiki, pages: WikiPages) -> None:
    claims = first_item()["claims"]
    assert [fact.fact for fact in facts(wiki, pages, first_item(claims=[claims[1], claims[0], *claims[2:]]))] == [
        "order"
    ]


def test_the_first_revision_is_compared_with_nothing(wiki: SmallWiki, pages: WikiPages) -> None:
    view = pages.difference("Q2", 0, wiki.newest("Q2"), reader=READER)
    assert [(fact.fact, fact.old) for fact in view.facts] == [("label", None), ("label", None)]


def test_texts_without_anything_in_common_are_not_cut_up() -> None:
    left, right = compared("one two three", "völlig anders gesagt")
    assert (len(left), len(right)) == (1, 1)


def test_recent_changes_are_filtered(pages: WikiPages) -> None:
    def told(**wanted: Any) -> list[tuple[str, str | None]]:
        lines = pages.recent(RecentFilter(limit=500, **wanted), reader=READER).lines
        return [(line.entity_id, line.log) for line in lines]

    assert told()[:3] == [("Q5", None), ("Q5", None), ("Q4", "delete")]
    assert {entity_id[0] for entity_id, _ in told(kind="property")} == {"P"}
    assert told(type="log") == [("Q4", "delete")]
    assert told(actor="Boss") == [("Q4", "delete")]
    assert {entity_id for entity_id, _ in told(bots=False)} == {"Q3", "Q4"}


def test_recent_changes_go_on_in_both_directions(pages: WikiPages) -> None:
    every = pages.recent(RecentFilter(limit=500), reader=READER).lines
    first = pages.recent(RecentFilter(limit=4), reader=READER)
    second = pages.recent(RecentFilter(limit=4, before=first.following), reader=READER)
    assert (*first.lines, *second.lines) == every[:8]
    assert second.preceding is not None
    back = pages.recent(RecentFilter(limit=4, before=second.preceding), reader=READER)
    assert back.lines == first.lines


def test_properties_are_listed_by_datatype_in_the_order_of_their_numbers(pages: WikiPages) -> None:
    page = pages.properties(reader=READER, limit=10)
    assert [line.name.id for line in page.lines][-2:] == ["P9", "P10"]
    assert (page.total, page.following) == (11, "P10")
    assert [line.name.id for line in pages.properties(reader=READER, after="P10").lines] == ["P11"]
    assert [line.name.label for line in pages.properties(reader=READER, datatype="url").lines] == ["website"]
    assert page.datatypes["string"] == 2


def test_what_mentions_an_entity_is_known(pages: WikiPages) -> None:
    assert [named.id for named in pages.mentions("Q2", reader=READER).entities] == ["Q1"]
    assert [named.id for named in pages.mentions("Q1", reader=READER).entities] == ["Q3"]
    assert pages.mentions("P2", reader=READER, limit=1).following is None


def test_the_statistics_count_what_is_there(pages: WikiPages) -> None:
    found = pages.statistics()
    assert (found.items, found.properties, found.redirects) == (4, 11, 1)
    assert found.editors == 3
