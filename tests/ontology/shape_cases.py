"""The smallest whole record of every class, and for each rule what breaks it."""

from __future__ import annotations

from dataclasses import dataclass

from capx_graph.namespaces import CAPX

UNTIL = '<https://w3id.org/capx/shape/now> "2026-12-01T00:00:00Z"^^xsd:dateTime'
"""Until when what has happened may have happened, as whoever checks says it at a record."""
EX = "http://127.0.0.1:8000/entity/"


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
    Case("person-joined-past", PERSON, 'capx:joined "2024', f'{UNTIL} ; capx:joined "2027'),
    Case("entity-last-active-past", PERSON, 'capx:lastActive "2026', f'{UNTIL} ; capx:lastActive "2027'),
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
    Case("entity-wikidata-id", PERSON, '"Q42"', '"Q99999999999999999999"'),
    Case("entity-wikidata-id", PERSON, '"Q42"', '"Q2200000000"'),
    Case("entity-plain-text", PERSON, 'rdfs:label "Ana"@en', 'rdfs:label "A\\u202Ena"@en'),
    Case("entity-plain-text", PERSON, 'capx:displayName "Ana"', 'capx:displayName "Ana\\u2066"'),
    Case("entity-plain-text", PERSON, '"I write."@en', '"I\\u200B write."@en'),
    Case("entity-plain-text", EVENT, '"Casa, Rua 1"', '"Casa\\uFEFF, Rua 1"'),
    Case("entity-plain-text", CAPACITY, '"press"@en', '"pre\\u00ADss"@en'),
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
