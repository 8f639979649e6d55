"""Files of other services taken in: the directory and organizations first, then people, as drafts.

Only the repository and the private store are written. Whom somebody erased is passed over in silence, in drafts as in
the file of rejects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from capx_graph.accounts import DraftRecord, Drafts, Keeping
from capx_graph.errors import InvalidRecord
from capx_graph.importers.outside.completing import Completing
from capx_graph.importers.outside.directoryrecords import DirectoryRecords
from capx_graph.importers.outside.forms import KINDS, Form, Listing
from capx_graph.importers.outside.meaning import Meaning
from capx_graph.importers.outside.people import People, username_of
from capx_graph.importers.records import Line, Record
from capx_graph.importers.rejects import Reject, RejectsFile
from capx_graph.instants import Clock
from capx_graph.items.checking import ShapeBatcher
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader, Keys
from capx_graph.model import EntityKind
from capx_graph.ontology import Instance
from capx_graph.repository.store import Repository
from capx_graph.shapes import Shapes

_OF_PEOPLE = (Form.LETS_CONNECT, Form.PEOPLE, Form.USERS_TAB)
_LISTS = (Form.TERRITORIES, Form.LANGUAGES, Form.PROJECTS, Form.TYPES, Form.ORGANIZATIONS)


@dataclass(slots=True)
class OutsideReport:
    """What was done: drafts by what became of them, items of the directory by what became of them."""

    drafts: Keeping = field(default_factory=Keeping)
    items: Counter[str] = field(default_factory=Counter)
    files: list[tuple[str, Form]] = field(default_factory=list)


class OutsideImport:
    """Takes files into one repository and one private store."""

    def __init__(
        self,
        repository: Repository,
        instance: Instance,
        drafts: Drafts,
        *,
        erased: Callable[[str], bool],
        shapes: Callable[[], Shapes],
        clock: Clock,
    ) -> None:
        """``erased`` says of a name whether its owner had everything erased; ``shapes`` are read when needed."""
        self._repository = repository
        self._vocabulary = Vocabulary(instance)
        self._drafts = drafts
        self._erased = erased
        self._shapes = shapes
        keys = Keys()
        self._batcher = ShapeBatcher(instance, repository.namespaces, keys, clock=clock)
        self._meaning = Meaning(
            KeyReader(self._vocabulary),
            keys,
            entity=repository.namespaces.entity,
            wikidata=self._vocabulary.property_id("wikidataId"),
        )

    def run(self, listings: Sequence[Listing], rejects: RejectsFile) -> OutsideReport:
        """Takes in what the files hold; what is refused goes to ``rejects`` and nothing else is lost."""
        report = OutsideReport(files=[(listing.file, listing.form) for listing in listings])
        for listing in listings:
            rejects.write(listing.refused)
        self._learn(listings)
        self._complete(listings, rejects, report)
        people = People(self._meaning, _badges(listings))
        records = (
            (record, partial(people.draft, one.form))
            for one in listings
            if one.form in _OF_PEOPLE
            for record in one.records
        )
        report.drafts = self._drafts.keep(self._kept(records, rejects))
        return report

    def run_people(self, lines: Iterable[Line], rejects: RejectsFile) -> Keeping:
        """People of a data set of the bench format that nobody made up, as drafts."""
        self._learn(())
        people = People(self._meaning, {})
        return self._drafts.keep(
            self._kept(((record, people.bench_draft) for record in _records(lines, rejects)), rejects)
        )

    def _learn(self, listings: Sequence[Listing]) -> None:
        """One reading of the repository, 0.2 ms a page; a second one for the trees where the directory may grow."""
        if any(listing.form in KINDS for listing in listings):
            self._batcher.read(self._repository.scan("item"), KeyReader(self._vocabulary))
        self._meaning.learn(self._repository.scan("item"))
        for listing in listings:
            if listing.form in _LISTS:
                self._meaning.learn_list(listing)

    def _complete(self, listings: Sequence[Listing], rejects: RejectsFile, report: OutsideReport) -> None:
        records = DirectoryRecords(self._meaning, lambda reject: rejects.write([reject]))
        completing = Completing(self._repository, self._vocabulary, self._meaning.keys, self._batcher, self._shapes)
        steps = (
            (EntityKind.CAPACITY, records.capacities, (Form.SKILLS, Form.CAPACITIES_TAB)),
            (EntityKind.ORGANIZATION, records.organizations, (Form.ORGANIZATIONS,)),
        )
        for kind, make, forms in steps:
            entries = list(make(one for one in listings if one.form in forms))
            if entries:
                written = completing.run(kind, entries, lambda reject: rejects.write([reject]))
                report.items += Counter(written.values())
                self._meaning.learn(self._repository.pages(written).values())

    def _kept(
        self, records: Iterable[tuple[Record, Callable[[Record], DraftRecord]]], rejects: RejectsFile
    ) -> Iterator[DraftRecord]:
        """The drafts of records; of two about one name in one source the last counts."""
        found: dict[tuple[str, str], DraftRecord] = {}
        for record, make in records:
            try:
                name = username_of(record)
                if self._erased(name):
                    continue
                draft = make(record)
            except InvalidRecord as error:
                key = record.data.get("username")
                key = key if isinstance(key, str) else ""
                rejects.write([Reject.of(error, record, kind=EntityKind.PERSON, key=key)])
                continue
            found.pop((name, draft.source), None)
            found[name, draft.source] = draft
        yield from found.values()


def _records(lines: Iterable[Line], rejects: RejectsFile) -> Iterator[Record]:
    for line in lines:
        try:
            record = line.parse()
        except InvalidRecord as error:
            rejects.write([Reject.of(error, Record(line.where, {}), kind=EntityKind.PERSON, key="")])
            continue
        if record.data.get("active") is not False:
            yield record


def _badges(listings: Iterable[Listing]) -> dict[str, str]:
    return {
        str(record.data.get("id")): str(record.data.get("name"))
        for listing in listings
        if listing.form is Form.BADGES_TAB
        for record in listing.records
        if record.data.get("name")
    }
