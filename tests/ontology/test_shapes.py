"""Every shape refuses what it must and takes what it may; the records here are the smallest whole ones."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator

import pyshacl
import pytest
from rdflib import Graph, Literal, Namespace, URIRef

from capx_graph import resources
from capx_graph.messages import load_messages
from capx_graph.namespaces import CAPX, SHACL
from capx_graph.shapes import Result, Severity, Shapes, ValidationReport
from capx_graph.shapes.conversion import graph_of
from capx_graph.shapes.report import SHAPE
from capx_graph.terms import RDF_TYPE, RdfFormat, Triple, iri, parse_rdf, read_turtle
from tests.ontology.shape_cases import (
    CASES,
    CIRCLES,
    CONTEXT,
    EX,
    LANGUAGE,
    PERSON,
    PREFIXES,
    RECORDS,
    UNTYPED,
    Case,
)

SH = Namespace(SHACL)
EXAMPLES = re.compile(r"https?://[^ ]*\w|\b[A-Z]+[0-9]+|\b[0-9]{2,4}\b|[0-9-]+T[0-9:]+Z|she-her")
LANGUAGES = set(load_messages(resources.messages_dir()).languages)


def turtle(text: str) -> list[Triple]:
    return list(parse_rdf(PREFIXES + text, RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes.load()


@pytest.fixture(scope="module")
def source() -> Graph:
    """The shapes as the files hold them."""
    return graph_of(triple for path in sorted(resources.shapes_dir().rglob("*.ttl")) for triple in read_turtle(path))


def check(shapes: Shapes, record: str) -> ValidationReport:
    return shapes.validate(turtle(record), context=turtle(CONTEXT))


def rules_of(source: Graph) -> Iterator[URIRef]:
    """The shapes that results can come from."""
    for shape in (
        set(source.objects(None, SH.property))
        | set(source.subjects(SH.targetClass))
        | set(source.subjects(SH.targetSubjectsOf))
    ):
        assert isinstance(shape, URIRef), "a rule has a name"
        if (shape, SH.property, None) not in source:
            yield shape


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.strip()[:30])
def test_a_whole_record_gives_no_result_at_all(shapes: Shapes, record: str) -> None:
    assert check(shapes, record) == ValidationReport()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_record_that_breaks_one_rule_is_told_so(shapes: Shapes, case: Case) -> None:
    assert case.record.count(case.old) == 1, "the case replaces one thing"
    context = CONTEXT.replace(":P a capx:Person . :O a capx:Organization .", "") if case.rule in UNTYPED else CONTEXT
    report = shapes.validate(turtle(case.record.replace(case.old, case.new)), context=turtle(context))
    assert {result.rule for result in report.results} == {case.rule, *case.also}


def test_every_rule_has_a_case(source: Graph) -> None:
    tried = {case.rule for case in CASES} | {"capacity-circle", "territory-circle", "person-username-unique"}
    assert {str(rule).removeprefix(SHAPE) for rule in rules_of(source)} == tried


@pytest.mark.parametrize(("rule", "record", "old", "new", "found"), CIRCLES)
def test_a_circle_is_found_at_each_of_its_members(
    shapes: Shapes, rule: str, record: str, old: str, new: str, found: set[str]
) -> None:
    report = check(shapes, record.replace(old, new))
    assert {r.record.value.removeprefix(EX) for r in report.results if r.rule == rule} == found


def test_two_people_with_one_username_are_both_named(shapes: Shapes) -> None:
    report = check(shapes, PERSON + PERSON.replace(":P a", ":Q a").replace(" :s", " :z").replace("\n:s", "\n:z"))
    assert {(r.rule, r.record.value) for r in report.results} == {
        ("person-username-unique", f"{EX}P"),
        ("person-username-unique", f"{EX}Q"),
    }


@pytest.mark.parametrize("username", ["Ana", "A", "Femube Karuko (WM1)", "Élodie-77", "ウィキ太郎", "O'Neil & Co."])
def test_wikimedia_usernames_are_taken(shapes: Shapes, username: str) -> None:
    assert check(shapes, PERSON.replace("Ana (WM)", username)).conforms


def test_a_person_who_says_next_to_nothing_is_taken(shapes: Shapes) -> None:
    report = check(shapes, ':P a capx:Person ; rdfs:label "Ana"@en ; capx:username "Ana" .')
    assert report.conforms
    assert {result.severity for result in report.results} == {Severity.INFO}


def test_wanting_what_one_knows_is_no_fault(shapes: Shapes) -> None:
    assert check(shapes, PERSON.replace("capx:wants :C3", "capx:wants :C3, :C")) == ValidationReport()


def test_a_result_names_record_field_value_and_rule(shapes: Shapes) -> None:
    report = check(shapes, PERSON.replace("capx:offers :C ;", "capx:offers :C, :C2 ;"))
    (result,) = report.results
    assert result.severity is Severity.VIOLATION
    assert result.record == result.focus == iri(EX + "P")
    assert result.field == "offers"
    assert result.value == iri(EX + "C2")
    assert result.rule == "member-offers-known"
    assert result.message() == (
        "This capacity is offered but not known. Add it to the known capacities too, or stop offering it."
    )
    assert result.message(["pt-br"]) == (
        "Esta capacidade é oferecida, mas não conhecida. "
        "Acrescente-a também às capacidades conhecidas, ou deixe de oferecê-la."
    )
    assert result.message(["he"]).startswith("היכולת הזאת")
    assert result.message(["zh-tw"]) == result.message(["zh-hans"]), "a relative's before English"
    assert result.message(["nl", "it"]) == result.message(["it"]) != result.message()
    assert result.message(["nl"]) == result.message(["en"])


def test_a_fault_in_a_statement_names_the_record_that_it_belongs_to(shapes: Shapes) -> None:
    (result,) = check(shapes, PERSON.replace("capx:Level5", "capx:Level9")).results
    assert result.focus == iri(EX + "s2")
    assert result.record == iri(EX + "P")
    assert result.value == iri(CAPX + "Level9")
    assert result.message() == (
        "The level of a language is one of the Babel scale: 0, 1, 2, 3, 4, 5 or n (native). Choose one of the seven."
    )


def test_what_a_record_points_to_is_not_validated_itself(shapes: Shapes) -> None:
    assert check(shapes, LANGUAGE).conforms
    alone = shapes.validate(turtle(":C a capx:Capacity ."))
    assert {result.rule for result in alone.violations} == {"capacity-label-english"}


def test_only_a_violation_refuses(shapes: Shapes) -> None:
    info = check(shapes, PERSON.replace("capx:basedIn :T ;", ""))
    assert info.results
    assert info.violations == ()
    [violation] = check(shapes, PERSON.replace('capx:username "Ana (WM)" ;', "")).violations
    assert violation.field == "username"
    assert violation.message(["en"]).startswith("A person has exactly one username")


def test_results_are_sorted_worst_first_then_by_record_as_people_count(shapes: Shapes) -> None:
    people = "".join(f':Q{n} a capx:Person ; rdfs:label "A"@en ; capx:username "A{n}" .' for n in (10, 9, 100))
    report = check(shapes, people.replace('"A9"', '"|"'))
    assert report.results[0].severity is Severity.VIOLATION
    infos = [r.record.value.removeprefix(EX) for r in report.results if r.rule == "person-language-missing"]
    assert infos == ["Q9", "Q10", "Q100"]


def test_the_text_shows_each_result_and_the_counts(shapes: Shapes) -> None:
    report = check(shapes, PERSON.replace('"Q42"', '"X42"').replace("capx:basedIn :T ;", ""))
    assert report.text() == (
        f"Violation: {EX}P: wikidataId = X42\n"
        "    The Wikidata item is one id such as Q11024. Copy one from the page of the item at Wikidata: "
        "Q and its number, without the address. [entity-wikidata-id]\n"
        f"Info: {EX}P: basedIn\n"
        "    No territory is given, so searches by place do not find this person. "
        "Add a country, or a region if the country is not to be public. [person-territory-missing]\n"
        "Violation: 1, Warning: 0, Info: 1\n"
    )
    assert "um único identificador" in report.text(["pt-br"])


def test_the_turtle_is_a_shacl_report(shapes: Shapes) -> None:
    report = check(shapes, PERSON.replace('"Q42"', '"X42"'))
    graph = Graph().parse(data=report.turtle(), format="turtle")
    (root,) = graph.subjects(predicate=None, object=SH.ValidationReport)
    (result,) = graph.objects(root, SH.result)
    assert str(graph.value(root, SH.conforms)) == "false"
    assert graph.value(result, SH.resultSeverity) == SH.Violation
    assert graph.value(result, SH.focusNode) == URIRef(EX + "P")
    assert str(graph.value(result, SH.value)) == "X42"
    assert graph.value(result, SH.sourceShape) == URIRef(SHAPE + "entity-wikidata-id")
    assert {m.language for m in graph.objects(result, SH.resultMessage) if isinstance(m, Literal)} == LANGUAGES


def test_a_report_can_cross_a_process_border(shapes: Shapes) -> None:
    report = check(shapes, PERSON.replace('"Q42"', '"X42"'))
    assert pickle.loads(pickle.dumps(report)) == report


def test_every_rule_has_a_severity_and_a_message_in_every_language_of_the_interface(source: Graph) -> None:
    for rule in rules_of(source):
        assert source.value(rule, SH.severity) in {SH.Violation, SH.Warning, SH.Info}, rule
        languages = [str(m.language) for m in source.objects(rule, SH.message) if isinstance(m, Literal)]
        missing = LANGUAGES - set(languages)
        assert not missing, f"shapes/messages: {rule} says nothing in {sorted(missing)}"
        assert len(languages) == len(LANGUAGES), f"{rule} says something twice"


def test_the_messages_belong_to_rules_and_keep_their_examples(source: Graph) -> None:
    """A code, an address or a number that is to be written as it stands is the same in every language."""
    assert set(source.subjects(SH.message)) == set(rules_of(source))
    for rule in rules_of(source):
        texts = [m for m in source.objects(rule, SH.message) if isinstance(m, Literal)]
        (english,) = (str(text) for text in texts if text.language == "en")
        for text in texts:
            for example in EXAMPLES.findall(english):
                assert example in str(text), f"{rule} in {text.language}: {example}"


def test_one_language_of_the_messages_is_given_to_the_engine(shapes: Shapes) -> None:
    assert {m.language for m in shapes.local.objects(None, SH.message) if isinstance(m, Literal)} == {"en"}


def test_every_message_is_a_problem_and_a_remedy(source: Graph) -> None:
    """Two sentences at least: the fault or the rule, then what to do."""
    for message in source.objects(None, SH.message):
        assert len(re.findall(r"[.?।](?: |$)|[。]", str(message))) >= 2, message


def test_the_shapes_are_valid_by_the_shapes_of_shacl(source: Graph) -> None:
    conforms, _, text = pyshacl.validate(Graph() + source, shacl_graph=None, meta_shacl=True)
    assert conforms, text


def test_the_form_that_is_evaluated_finds_what_the_files_say(shapes: Shapes, source: Graph) -> None:
    """The shapes are flattened when they are loaded; pyshacl on the files as they are must find the same."""
    broken = "".join(record.replace(case.old, case.new, 1) for case in CASES[::3] for record in [case.record])
    data = turtle(broken) + [
        t for t in turtle(CONTEXT) if (t.subject, RDF_TYPE) not in {(x.subject, x.predicate) for x in turtle(broken)}
    ]
    _, found, _ = pyshacl.validate(graph_of(data), shacl_graph=source)
    plain = {
        (str(found.value(r, SH.focusNode)), str(found.value(r, SH.sourceShape)).removeprefix(SHAPE))
        for r in found.objects(None, SH.result)
    }
    ours: set[Result] = set(shapes.validate(data).results)
    assert {(r.focus.value, r.rule) for r in ours} == plain
    assert len(plain) > 20
