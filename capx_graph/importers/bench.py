"""Records of the bench format become Wikibase items; pure, one record at a time.

The format is JSON Lines as the Capacity Exchange's data is published for benchmarks: capacities, territories,
languages, projects, organizations, people, events, projects of organizations; our own export adds ``capx_id``,
``colour`` and ``source``. What a person has not made public (saved people and organizations) never becomes a
statement: it leaves as ``PrivateFacts``; a second account is not taken in. A reference to what is not there is left
out and named, and its record kept; only a capacity without its parent is refused, because at the root of the tree it
would mean another thing.
"""

from __future__ import annotations

from dataclasses import dataclass

from capx_graph import languages
from capx_graph.errors import InvalidRecord
from capx_graph.importers.benchformat import ROLES
from capx_graph.importers.records import LONGEST_TERM, Record
from capx_graph.importers.rejects import PRIVATE_VALUE
from capx_graph.items.drafts import ItemDraft, Monolingual, Problem, Value, Vocabulary
from capx_graph.items.keys import CLASS_OF_KIND, Keys
from capx_graph.model import EntityJson, EntityKind


@dataclass(frozen=True, slots=True)
class PrivateFacts:
    """What a record says for its owner's eyes alone: never a statement, a dump or a log line.

    ``saved`` holds (kind, username or code, relation).
    """

    saved: tuple[tuple[EntityKind, str, str], ...]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What one record becomes; ``dropped`` are the references that had to be left out."""

    entity: EntityJson
    private: PrivateFacts | None = None
    dropped: tuple[Problem, ...] = ()


class BenchConverter:
    """Converts records; ``keys`` must know every record that one may refer to.

    ``inactive`` holds the usernames that the files declare inactive: such a person appears nowhere, a reference
    to them becomes an unknown value. ``mark`` names the ontology's individual for where the records come from.
    """

    def __init__(
        self, vocabulary: Vocabulary, keys: Keys, *, inactive: frozenset[str] = frozenset(), mark: str | None = None
    ) -> None:
        self._vocabulary = vocabulary
        self._keys = keys
        self._inactive = inactive
        self._mark = mark
        self._fill = {
            EntityKind.CAPACITY: self._capacity,
            EntityKind.TERRITORY: self._territory,
            EntityKind.LANGUAGE: self._language,
            EntityKind.WIKIMEDIA_PROJECT: self._wikimedia_project,
            EntityKind.ORGANIZATION: self._organization,
            EntityKind.PERSON: self._person,
            EntityKind.EVENT: self._event,
            EntityKind.PROJECT: self._project,
        }

    def convert(self, kind: EntityKind, record: Record, entity_id: str) -> Conversion:
        """The item of a record under its id; raises InvalidRecord naming the first field that cannot be taken."""
        draft = ItemDraft(self._vocabulary, entity_id, class_name=CLASS_OF_KIND[kind])
        self._fill[kind](draft, record)
        sources = self._individual(record, "source", "RecordSource")
        if self._mark is not None:
            sources = (self._vocabulary.item_id(self._mark),)
        draft.add_all("source", sources)
        private = private_facts(record) if kind is EntityKind.PERSON else None
        return Conversion(draft.entity(), private, tuple(draft.dropped))

    # -- one method a file ------------------------------------------------------------------------------------

    def _capacity(self, draft: ItemDraft, record: Record) -> None:
        self._names(draft, record, "labels", needs_english=True)
        for language, text in self._by_language(record, "description").items():
            draft.description(language, text)
        draft.add_all("wikidataId", _given(record.wikidata_item("qid")))
        draft.add_all("capxId", _given(record.optional("capx_id")))
        draft.add_all("colour", _given(record.optional("colour")))
        draft.add_all("broader", self._parent(record))
        draft.add_all("created", _given(record.instant("created")))

    def _territory(self, draft: ItemDraft, record: Record) -> None:
        draft.label("en", record.required("name", longest=LONGEST_TERM))
        draft.add("code", record.required("code"))
        draft.add_all("partOf", self._many(draft, record, "parents", EntityKind.TERRITORY))

    def _language(self, draft: ItemDraft, record: Record) -> None:
        code = record.required("code")
        autonym = record.optional("autonym", longest=LONGEST_TERM)
        if autonym and languages.is_known(code):
            draft.label(code, autonym)
        draft.label("en", record.required("name", longest=LONGEST_TERM))
        draft.add("code", code)

    def _wikimedia_project(self, draft: ItemDraft, record: Record) -> None:
        draft.label("en", record.required("name", longest=LONGEST_TERM))
        draft.add("code", record.required("code"))

    def _organization(self, draft: ItemDraft, record: Record) -> None:
        self._names(draft, record, "names", needs_english=False)
        draft.add("code", record.required("code"))
        draft.add_all("organizationType", self._individual(record, "type", "OrganizationType"))
        draft.add_all("basedIn", self._many(draft, record, "territories", EntityKind.TERRITORY))
        self._roles(draft, record)
        for manager in record.children("managers"):
            since = manager.instant("since")
            qualifiers = (("created", since),) if since else ()
            for person in self._person_reference(draft, manager, "username", of="managers"):
                draft.add("manager", person, qualifiers=qualifiers)
        draft.add_all("website", _given(record.url("website")))
        draft.add_all("lastActive", _given(record.instant("updated")))

    def _person(self, draft: ItemDraft, record: Record) -> None:
        username = record.required("username")
        display_name = record.optional("display_name", longest=LONGEST_TERM)
        draft.label("en", display_name or username)
        draft.add("username", username)
        draft.add_all("displayName", _given(display_name))
        draft.add_all("pronoun", _given(record.optional("pronoun")))
        if about := record.prose("about"):
            language = record.optional("about_language") or "und"
            if language not in languages.monolingual_codes():
                record.refuse("about_language", "must be a language code that Wikibase takes, such as pt-br")
            draft.add("about", Monolingual(language, about))
        draft.add_all("wikidataId", _given(record.wikidata_item("wikidata_qid")))
        draft.add_all("basedIn", self._many(draft, record, "territories", EntityKind.TERRITORY))
        self._speaks(draft, record)
        draft.add_all("contributesTo", self._many(draft, record, "projects", EntityKind.WIKIMEDIA_PROJECT))
        draft.add_all("affiliatedWith", self._many(draft, record, "affiliations", EntityKind.ORGANIZATION))
        self._roles(draft, record)
        draft.add_all("joined", _given(record.instant("joined")))
        draft.add_all("lastActive", _given(record.instant("last_update")))

    def _event(self, draft: ItemDraft, record: Record) -> None:
        self._named_in_english(draft, record)
        draft.add_all("organizer", self._one(draft, record, "organization", EntityKind.ORGANIZATION))
        draft.add_all("creator", self._person_reference(draft, record, "creator"))
        draft.add_all("locationType", self._individual(record, "location_type", "LocationType"))
        draft.add_all("website", _given(record.url("url")))
        draft.add_all("wikidataId", _given(record.wikidata_item("wikidata_qid")))
        draft.add_all("begin", _given(record.instant("begin")))
        draft.add_all("end", _given(record.instant("end")))
        draft.add_all("concerns", self._many(draft, record, "capacities", EntityKind.CAPACITY))

    def _project(self, draft: ItemDraft, record: Record) -> None:
        self._named_in_english(draft, record)
        draft.add_all("website", _given(record.url("url")))
        draft.add_all("creator", self._person_reference(draft, record, "creator"))
        draft.add_all("created", _given(record.instant("created")))
        draft.add_all("concerns", self._many(draft, record, "capacities", EntityKind.CAPACITY))
        for member in record.children("members"):
            accepted = "yes" if member.flag("accepted", default=False) else "no"
            for partner in self._one(draft, member, "code", EntityKind.ORGANIZATION, of="members"):
                draft.add("partner", partner, qualifiers=(("accepted", accepted),))

    # -- fields that several files have ------------------------------------------------------------------------

    def _names(self, draft: ItemDraft, record: Record, field: str, *, needs_english: bool) -> None:
        labels = self._by_language(record, field)
        if not labels or (needs_english and "en" not in labels):
            record.refuse(field, "must hold a name in English (en)" if needs_english else "must hold a name")
        for language, text in labels.items():
            draft.label(language, text)

    def _named_in_english(self, draft: ItemDraft, record: Record) -> None:
        draft.label("en", record.required("name", longest=LONGEST_TERM))
        draft.add("code", record.required("id"))
        if description := record.prose("description", longest=LONGEST_TERM):
            draft.description("en", description)

    def _by_language(self, record: Record, field: str) -> dict[str, str]:
        texts = record.by_language(field)
        for language in texts:
            if not languages.is_known(language):
                record.refuse(field, f"{language!r} is not a language code that Wikibase takes")
        return texts

    def _roles(self, draft: ItemDraft, record: Record) -> None:
        for field, name in ROLES.items():
            draft.add_all(name, self._many(draft, record, field, EntityKind.CAPACITY))

    def _speaks(self, draft: ItemDraft, record: Record) -> None:
        spoken = record.children("languages")
        codes = [language.required("code") for language in spoken]
        if len(set(codes)) < len(codes):
            record.refuse("languages", "must not name a language twice")
        for language in spoken:
            level = self._individual(language, "proficiency", "LanguageLevel")
            for item in self._one(draft, language, "code", EntityKind.LANGUAGE, of="languages"):
                draft.add("speaks", item, qualifiers=[("level", value) for value in level])

    def _individual(self, record: Record, field: str, class_name: str) -> tuple[str, ...]:
        code = record.optional(field)
        if code is None:
            return ()
        item = self._vocabulary.individual(class_name, code)
        if item is None:
            codes = " ".join(self._vocabulary.codes(class_name))
            record.refuse(field, f"must be one of {codes}")
        return (item,)

    def _parent(self, record: Record) -> tuple[str, ...]:
        key = record.optional("parent")
        if key is None:
            return ()
        found = self._keys.find(EntityKind.CAPACITY, key)
        return (found,) if found is not None else record.refuse("parent", missing(key))

    def _many(self, draft: ItemDraft, record: Record, field: str, kind: EntityKind) -> tuple[str, ...]:
        return tuple(found for key in record.texts(field) for found in self._found(draft, kind, key, field=field))

    def _one(
        self, draft: ItemDraft, record: Record, field: str, kind: EntityKind, *, of: str | None = None
    ) -> tuple[str, ...]:
        """The item named by a field; ``of`` is the list that the record is an entry of."""
        key = record.optional(field)
        return () if key is None else self._found(draft, kind, key, field=of or field)

    def _person_reference(
        self, draft: ItemDraft, record: Record, field: str, *, of: str | None = None
    ) -> tuple[Value, ...]:
        """The person named here; an inactive or unnamed one is an unknown value, so that the fact itself stays."""
        key = record.optional(field)
        if key is None:
            return (None,) if field in record.data and record.data[field] is None else ()
        if key in self._inactive:
            return (None,)
        return self._found(draft, EntityKind.PERSON, key, field=of or field)

    def _found(self, draft: ItemDraft, kind: EntityKind, key: str, *, field: str) -> tuple[str, ...]:
        """The item with this key; where there is none, the draft is told so."""
        found = self._keys.find(kind, key)
        if found is None:
            draft.dropped.append(Problem(field, key, missing(key)))
            return ()
        return (found,)


def missing(key: str) -> str:
    """The rule that a reference breaks."""
    return f"refers to {key!r}, which is not there or was refused"


def private_facts(record: Record) -> PrivateFacts | None:
    """The private part of a person's record; None when it has none. Raises InvalidRecord."""
    try:
        saved = tuple(
            (kind, item.required(key), item.required("relation"))
            for field, kind, key in (
                ("saved_users", EntityKind.PERSON, "username"),
                ("saved_orgs", EntityKind.ORGANIZATION, "code"),
            )
            for item in record.children(field)
        )
    except InvalidRecord as error:
        raise InvalidRecord(error.where, error.field, PRIVATE_VALUE, error.rule) from None
    return PrivateFacts(saved) if saved else None


def _given(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)
