"""Every shape refuses what it must and takes what it may; the records here are the smallest whole ones."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass

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

SH = Namespace(SHACL)
EX = "http://127.0.0.1:8000/entity/"
EXAMPLES = re.compile(r"https?://[^ ]*\w|\b[A-Z]+[0-9]+|\b[0-9]{2,4}\b|[0-9-]+T[0-9:]+Z|she-her")
LANGUAGES = set(load_messages(resources.messages_dir()).languages)

PREFIXES = f"""
@prefix capx: <{CAPX}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <{EX}> .
"""

PERSON = """
:P a capx:Person ; rdfs:label "Ana"@en ; capx:username "Ana (WM)" ; capx:displayName "Ana" ; capx:pronoun "she-her" ;
   capx:about "I write."@en, "Escrevo."@pt ; capx:wikidataId "Q42" ; capx:source capx:GeneratedData ;
   capx:image <http://commons.wikimedia.org/wiki/Special:FilePath/A.jpg> ;
   capx:created "2026-06-01T00:00:00Z"^^xsd:dateTime ;
   capx:knows :C, :C3 ; capx:offers :C ; capx:wants :C3 ; capx:offer :s1 ;
   capx:speaks :L ; capx:languageSkill :s2, :s3 ; capx:basedIn :T ; capx:affiliatedWith :O ; capx:contributesTo :W ;
   capx:takesPartIn :R ;
   capx:lastActive "2026-06-01T00:00:00.123456Z"^^xsd:dateTime ; capx:joined "2024-06-01T00:00:00Z"^^xsd:dateTime .
:s1 capx:capacity :C ; capx:level capx:Expert ; capx:format capx:Mentoring ; capx:availability capx:Limited ;
   capx:evidence <https://example.org/a> ; capx:evidencePage "User:Ana (WM)/Work" .
:s2 capx:language :L ; capx:level capx:Level5 .
:s3 capx:language :L2 ; capx:level capx:Level0 .
"""
ORGANIZATION = """
:O a capx:Organization ; rdfs:label "Wiki"@pt ; capx:code "ORG001" ; capx:organizationType capx:UserGroup ;
   capx:basedIn :T ; capx:manager :P ; capx:website <https://example.org/> ; capx:knows :C ; capx:offers :C ;
   capx:metaPage <https://meta.wikimedia.org/wiki/X> ; capx:newsTag "wiki brasil" ; capx:about "We meet."@en ;
   capx:document <http://commons.wikimedia.org/wiki/Special:FilePath/Report.pdf> .
"""
CAPACITY = """
:C a capx:Capacity ; rdfs:label "media"@en, "mídia"@pt ; skos:prefLabel "media"@en, "mídia"@pt ;
   schema:description "Pictures and sound."@en ; skos:altLabel "press"@en ;
   capx:unreviewedLanguage "pt" ; capx:retired "2026-06-01T00:00:00Z"^^xsd:dateTime ;
   capx:replacedBy :C2 ; capx:colour "#BE0078" ; capx:capxId "43" .
:C2 a capx:Capacity ; rdfs:label "film"@en ; schema:description "Moving pictures."@en ; skos:broader :C .
:C3 a capx:Capacity ; rdfs:label "cutting"@en ; schema:description "Joining shots."@en ; skos:broader :C2 .
"""
EVENT = """
:E a capx:Event ; rdfs:label "Meeting"@en ; capx:code "EV0001" ; capx:begin "2026-06-01T14:00:00Z"^^xsd:dateTime ;
   capx:end "2026-06-01T16:00:00Z"^^xsd:dateTime ; capx:locationType capx:Hybrid ; capx:organizer :O ;
   capx:creator :P ; capx:concerns :C ; capx:website <https://example.org/e> ;
   capx:takesPlaceIn :T ; capx:timeZone "America/Sao_Paulo" ; capx:venue "Casa, Rua 1" ;
   capx:cancelled "2026-05-01T00:00:00Z"^^xsd:dateTime .
"""
PROJECT = """
:R a capx:Project ; rdfs:label "Plan"@en ; capx:code "PR0001" ; capx:creator :P ; capx:concerns :C ; capx:partner :O ;
   capx:projectPage <https://example.org/p> ; capx:partnership :s4 .
:s4 capx:organization :O ; capx:accepted "yes" .
"""
TERRITORY = """
:T a capx:Territory ; rdfs:label "Brazil"@en ; capx:code "BR" ; capx:alpha3 "BRA" ; capx:partOf :T2 .
:T2 a capx:Territory ; rdfs:label "Latin America"@en ; capx:code "R-LAC" .
"""
LANGUAGE = ':L a capx:Language ; rdfs:label "Portuguese"@en ; capx:code "pt-br" .'
WIKI = ':W a capx:WikimediaProject ; rdfs:label "Commons"@en ; capx:code "commonswiki" .'

RECORDS = (PERSON, ORGANIZATION, CAPACITY, EVENT, PROJECT, TERRITORY, LANGUAGE, WIKI)
CONTEXT = """
:P a capx:Person . :O a capx:Organization . :C a capx:Capacity . :C2 a capx:Capacity . :C3 a capx:Capacity .
:T a capx:Territory . :T2 a capx:Territory . :L a capx:Language . :L2 a capx:Language . :W a capx:WikimediaProject .
:R a capx:Project .
"""


@dataclass(frozen=True, slots=True)
class Case:
    """What turns a conforming record into one that breaks this rule (and ``also``): ``old`` replaced by ``new``."""

    rule: str
    record: str
    old: str
    new: str
    also: tuple[str, ...] = ()


CASES = (
    Case("person-label", PERSON, 'rdfs:label "Ana"@en ;', ""),
    Case("person-username", PERSON, 'capx:username "Ana (WM)" ;', ""),
    Case("person-username", PERSON, 'capx:username "Ana (WM)"', 'capx:username "Ana", "Ana (WM)"'),
    Case("person-username-form", PERSON, '"Ana (WM)"', '"Ana|WM"'),
    Case("person-username-form", PERSON, '"Ana (WM)"', '" Ana"'),
    Case("person-username-form", PERSON, '"Ana (WM)"', f'"{"A" * 236}"'),
    Case("person-display-name", PERSON, 'capx:displayName "Ana"', 'capx:displayName "Ana", "Anna"'),
    Case("person-pronoun", PERSON, '"she-her"', '"Q1"'),
    Case("entity-about", PERSON, '"I write."@en', f'"{"w" * 401}"@en'),
    Case("entity-about-languages", PERSON, '"Escrevo."@pt', '"I draw."@en'),
    Case("entity-image", PERSON, "<http://commons.wikimedia.org/wiki/Special:FilePath/A.jpg>", '"A.jpg"'),
    Case("person-language", PERSON, "capx:speaks :L", "capx:speaks :T"),
    Case("person-language-missing", PERSON, "capx:speaks :L ;", ""),
    Case("person-territory", PERSON, "capx:basedIn :T", "capx:basedIn :L"),
    Case("person-territory-missing", PERSON, "capx:basedIn :T ;", ""),
    Case("person-organization", PERSON, "capx:affiliatedWith :O", "capx:affiliatedWith :gone"),
    Case("person-wikimedia-project", PERSON, "capx:contributesTo :W", "capx:contributesTo :O"),
    Case("person-project", PERSON, "capx:takesPartIn :R", "capx:takesPartIn :W"),
    Case("person-capacity-missing", PERSON, "capx:knows :C, :C3 ; capx:offers :C ; capx:wants :C3 ;", ""),
    Case("entity-last-active", PERSON, '"2026-06-01T00:00:00.123456Z"^^xsd:dateTime', '"yesterday"'),
    Case("entity-last-active", PERSON, '"2026-06-01T00:00:00.123456Z"', '"2026-06-01T00:00:00"'),
    Case("person-joined", PERSON, '"2024-06-01T00:00:00Z"', '"2024-13-01T00:00:00Z"'),
    Case("member-knows", PERSON, "capx:knows :C, :C3", "capx:knows :C, :C3, :L"),
    Case(
        "member-offers",
        PERSON,
        "capx:knows :C, :C3 ; capx:offers :C",
        "capx:knows :C, :C3 ; capx:offers :C, :gone",
        ("member-offers-known",),
    ),
    Case("member-wants", PERSON, "capx:wants :C3", "capx:wants :P"),
    Case("member-offers-known", PERSON, "capx:offers :C ;", "capx:offers :C2 ;"),
    Case("member-offers-known", ORGANIZATION, "capx:knows :C ;", ""),
    Case("member-skill-level", PERSON, "capx:level capx:Expert", "capx:level capx:LevelN"),
    Case("language-skill-language", PERSON, "capx:language :L2", "capx:language :gone"),
    Case("language-skill-level", PERSON, "capx:Level5", "capx:Expert"),
    Case("language-skill-level", PERSON, "capx:Level5", "capx:Level5, capx:LevelN"),
    Case("language-skill-level-missing", PERSON, "capx:language :L ; capx:level capx:Level5", "capx:language :L"),
    Case("statement-format", PERSON, "capx:format capx:Mentoring", "capx:format :C"),
    Case("statement-availability", PERSON, "capx:Limited", "capx:Limited, capx:Available"),
    Case("statement-evidence", PERSON, "<https://example.org/a>", "<javascript:alert>"),
    Case("statement-evidence-page", PERSON, "User:Ana (WM)/Work", "[[User:Ana (WM)/Work]]"),
    Case("statement-accepted", PROJECT, '"yes"', '"perhaps"'),
    Case("person-class", PERSON, ":P a capx:Person ;", ":P ", ("member-class",)),
    Case("member-class", ORGANIZATION, ":O a capx:Organization ;", ":O "),
    Case(
        "entity-document",
        ORGANIZATION,
        "<http://commons.wikimedia.org/wiki/Special:FilePath/Report.pdf>",
        '"Report.pdf"',
    ),
    Case(
        "entity-counterpart",
        CAPACITY,
        'capx:unreviewedLanguage "pt"',
        'capx:unreviewedLanguage "pt" ; capx:counterpart "Q11024"',
    ),
    Case("entity-unreviewed", CAPACITY, 'capx:unreviewedLanguage "pt"', 'capx:unreviewedLanguage "Portuguese"'),
    Case("organization-news-tag", ORGANIZATION, '"wiki brasil"', '"#wikibrasil"'),
    Case("entity-label-length", PERSON, 'rdfs:label "Ana"@en', f'rdfs:label "{"A" * 251}"@en'),
    Case("entity-label-length", CAPACITY, '"press"@en', '""@en'),
    Case("entity-wikidata-id", PERSON, '"Q42"', '"http://www.wikidata.org/entity/Q42"'),
    Case("entity-wikidata-id", PERSON, '"Q42"', '"Q42", "Q43"'),
    Case("entity-source", PERSON, "capx:GeneratedData", '"generated"'),
    Case("entity-created", PERSON, '"2026-06-01T00:00:00Z"^^xsd:dateTime', '"2026-06-01"^^xsd:date'),
    Case("organization-label", ORGANIZATION, 'rdfs:label "Wiki"@pt ;', ""),
    Case("organization-code", ORGANIZATION, '"ORG001"', '"ORG001", "ORG002"'),
    Case("organization-code", ORGANIZATION, '"ORG001"', '" ORG001"'),
    Case(
        "organization-account", ORGANIZATION, 'capx:code "ORG001" ;', 'capx:code "ORG001" ; capx:username "Ana", "Bo" ;'
    ),
    Case("organization-type", ORGANIZATION, "capx:UserGroup", "capx:Hybrid"),
    Case("organization-type-missing", ORGANIZATION, "capx:organizationType capx:UserGroup ;", ""),
    Case("organization-territory", ORGANIZATION, "capx:basedIn :T", "capx:basedIn :gone"),
    Case("organization-territory-missing", ORGANIZATION, "capx:basedIn :T ;", ""),
    Case("organization-manager", ORGANIZATION, "capx:manager :P", "capx:manager :O"),
    Case("organization-manager-missing", ORGANIZATION, "capx:manager :P ;", ""),
    Case("entity-website", ORGANIZATION, "<https://example.org/>", '"https://example.org/"'),
    Case("entity-website", ORGANIZATION, "<https://example.org/>", "<ftp://example.org/>"),
    Case("entity-meta-page", ORGANIZATION, "<https://meta.wikimedia.org/wiki/X>", "<https://example.org/wiki/X>"),
    Case("capacity-label-english", CAPACITY, 'rdfs:label "film"@en', 'rdfs:label "filme"@pt'),
    Case("capacity-label-languages", CAPACITY, 'skos:prefLabel "media"@en', 'skos:prefLabel "media"@en, "medium"@en'),
    Case("capacity-description-english", CAPACITY, 'schema:description "Moving pictures."@en ;', ""),
    Case("capacity-parent", CAPACITY, "skos:broader :C2", "skos:broader :C2, :C"),
    Case("capacity-parent", CAPACITY, "skos:broader :C2", "skos:broader :T"),
    Case("capacity-colour-form", CAPACITY, '"#BE0078"', '"#be0078"'),
    Case("capacity-capx-id", CAPACITY, '"43"', '"043"'),
    Case("capacity-root-colour", CAPACITY, 'capx:colour "#BE0078" ;', ""),
    Case(
        "capacity-depth",
        CAPACITY,
        "skos:broader :C2 .",
        'skos:broader :C2 . :C4 a capx:Capacity ; rdfs:label "x"@en ; schema:description "y"@en ; skos:broader :C3 .',
    ),
    Case("capacity-retired", CAPACITY, '"2026-06-01T00:00:00Z"^^xsd:dateTime', '"soon"'),
    Case("capacity-replaced-by", CAPACITY, "capx:replacedBy :C2", "capx:replacedBy :T"),
    Case("capacity-replaced-by", CAPACITY, "capx:replacedBy :C2", "capx:replacedBy :C2, :C3"),
    Case("event-label", EVENT, 'rdfs:label "Meeting"@en ;', ""),
    Case("event-code", EVENT, '"EV0001"', '"EV 0001"'),
    Case("event-begin", EVENT, 'capx:begin "2026-06-01T14:00:00Z"^^xsd:dateTime ;', ""),
    Case("event-end", EVENT, '"2026-06-01T16:00:00Z"^^xsd:dateTime', '"2026-06-01T16:00:00Z"', ("event-order",)),
    Case("event-end", EVENT, "capx:end ", 'capx:end "2026-06-02T16:00:00Z"^^xsd:dateTime, '),
    Case("event-order", EVENT, '"2026-06-01T16:00:00Z"', '"2026-06-01T13:59:59Z"'),
    Case("event-location-type", EVENT, "capx:Hybrid", "capx:Chapter"),
    Case("event-organizer", EVENT, "capx:organizer :O", "capx:organizer :P"),
    Case("event-organizer-missing", EVENT, "capx:organizer :O ;", ""),
    Case("event-creator", EVENT, "capx:creator :P", "capx:creator :O"),
    Case("event-capacity", EVENT, "capx:concerns :C", "capx:concerns :L"),
    Case("event-capacity-missing", EVENT, "capx:concerns :C ;", ""),
    Case("entity-website", EVENT, "<https://example.org/e>", "<https:///e>"),
    Case("event-place", EVENT, "capx:takesPlaceIn :T", "capx:takesPlaceIn :O"),
    Case("event-time-zone", EVENT, "America/Sao_Paulo", "-03:00"),
    Case("event-venue", EVENT, "Casa, Rua 1", "C" * 401),
    Case("event-cancelled", EVENT, '"2026-05-01T00:00:00Z"^^xsd:dateTime', '"yes"'),
    Case("project-label", PROJECT, 'rdfs:label "Plan"@en ;', ""),
    Case("project-code", PROJECT, '"PR0001"', '"PR0001", "PR0002"'),
    Case("project-creator", PROJECT, "capx:creator :P", "capx:creator :gone"),
    Case("project-capacity", PROJECT, "capx:concerns :C", "capx:concerns :T"),
    Case("project-partner", PROJECT, "capx:partner :O", "capx:partner :P"),
    Case("entity-website", PROJECT, "<https://example.org/p>", "<mailto:a@example.org>"),
    Case("territory-label", TERRITORY, 'rdfs:label "Brazil"@en ;', ""),
    Case("territory-code", TERRITORY, '"BR"', '"br"'),
    Case("territory-alpha3", TERRITORY, '"BRA"', '"bra"'),
    Case("territory-part-of", TERRITORY, "capx:partOf :T2", "capx:partOf :L"),
    Case("language-label", LANGUAGE, 'rdfs:label "Portuguese"@en ;', ""),
    Case("language-code", LANGUAGE, '"pt-br"', '"pt_BR"'),
    Case("wikimedia-project-label", WIKI, 'rdfs:label "Commons"@en ;', ""),
    Case("wikimedia-project-code", WIKI, '"commonswiki"', '"Commons wiki"'),
)

UNTYPED = {"person-class", "member-class"}
"""Rules for what says nothing of its class, which no context may say for it."""

CIRCLES = (
    ("capacity-circle", CAPACITY, 'capx:colour "#BE0078"', "skos:broader :C3", {"C", "C2", "C3"}),
    ("capacity-circle", CAPACITY, 'capx:colour "#BE0078"', "skos:broader :C", {"C"}),
    ("territory-circle", TERRITORY, 'capx:code "R-LAC"', 'capx:code "R-LAC" ; capx:partOf :T', {"T", "T2"}),
)


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
        "    The Wikidata item is one id such as Q11024. Give one id: Q and a number, without the address. "
        "[entity-wikidata-id]\n"
        f"Info: {EX}P: basedIn\n"
        "    No territory is given, so searches by place do not find this person. "
        "Add a country, or a region if the country is not to be public. [person-territory-missing]\n"
        "Violation: 1, Warning: 0, Info: 1\n"
    )
    assert "Informe um só" in report.text(["pt-br"])


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
