"""The item of a member: found, made, changed and taken back, here or in the connected Wikibase.

Only this package imports it. Where the operator puts people there (``PeopleThere``), an item goes there by its owner's
consent to just that, and one that is here follows with the first such consent; an item there has no owner but the
wiki's rules, so it is known as the member's by its id. What is taken back there is deleted where that may be, else
emptied: its history stays, as the consent says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from capx_graph.accounts import Accounts, Member, holder_without_item
from capx_graph.errors import Conflict, Forbidden, NotFound
from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.items.keys import KeyReader, value_of, values_of
from capx_graph.membership.fields import Field, Line, Profile, State
from capx_graph.membership.statements import Statements
from capx_graph.messages import told
from capx_graph.model import EntityJson, Page
from capx_graph.profiles import Profiles
from capx_graph.repository.store import Repository
from capx_graph.wikibase.writer import BY_THEMSELVES, Writer

Json = dict[str, Any]

_NOBODY = f"Q{10**12}"
"""The id of an item that is not there yet, where one has to have one."""
LABEL_LANGUAGE = "en"
"""Names are no words of a language; the label stands where every reader's chain ends."""


@dataclass(frozen=True, slots=True)
class PeopleThere:
    """That people's items go to the connected Wikibase; ``wiki`` is its host, as the consent names it.

    ``accounts`` is the host that its accounts come from: who signs in with another wiki may only be called alike.
    """

    wiki: str
    accounts: str

    def vouches_for(self, member: Member) -> bool:
        """Whether a member is who has their name there."""
        return bool(member.issuer) and urlsplit(member.issuer).netloc == self.accounts

    def wording(self, version: str) -> str:
        """What the record of a consent says of the wording that was shown."""
        return version + self._said

    def is_meant(self, wording: str) -> bool:
        """Whether a consent was to this."""
        return wording.endswith(self._said)

    def without(self, wording: str) -> str:
        """What the record says where nothing was agreed to: the same wording, and nothing of another wiki."""
        return wording.removesuffix(self._said)

    @property
    def _said(self) -> str:
        return f" upstream {self.wiki}"


class OwnItems:
    """The items of the members of one installation."""

    def __init__(
        self,
        accounts: Accounts,
        repository: Repository,
        profiles: Profiles,
        writer: Writer,
        *,
        vocabulary: Vocabulary,
        there: PeopleThere | None = None,
    ) -> None:
        self.there = there
        self._accounts = accounts
        self._repository = repository
        self._profiles = profiles
        self._writer = writer
        self._vocabulary = vocabulary
        self._statements = Statements(vocabulary)
        self._reader = KeyReader(vocabulary)

    # -- finding

    def page(self, member: Member) -> Page | None:
        """The page of their item, whatever it still says; one that was merged there into theirs is followed."""
        page = self._repository.page(member.item) if member.item else None
        if page is not None and page.redirect_to and not self._repository.keeps(page.entity_id):
            page = self._followed(member, page.redirect_to)
        if page is None or page.entity is None:
            return None
        return page if page.owner == member.name or not self._repository.keeps(page.entity_id) else None

    def _followed(self, member: Member, target: str) -> Page | None:
        page = self._repository.page(target)
        if page is None or not self._may_be_theirs(member, page):
            return None
        self._accounts.members.set_item(member, target)
        return page

    def _may_be_theirs(self, member: Member, page: Page) -> bool:
        """Whether an item there is a person of their name alone, and nobody else's: anybody edits what is there."""
        holder = self._accounts.members.of_item(page.entity_id)
        is_free = holder is None or holder.id == member.id
        return is_free and page.entity is not None and self._reader.is_only(page.entity, [member.name])

    def published(self, member: Member) -> Page | None:
        """The page of their item, where it is a person's: not one that was emptied."""
        page = self.page(member)
        return page if page is not None and page.entity is not None and self._is_person(page.entity) else None

    def lives_there(self, member: Member) -> bool:
        """Whether their item is in the connected Wikibase."""
        page = self.page(member)
        return page is not None and not self._repository.keeps(page.entity_id)

    def goes_there(self, member: Member) -> bool:
        """Whether they consented to their item being there; taking something back or confirming it is no consent."""
        if self.there is None:
            return False
        given = {one.wording for one in self._accounts.consents.of(member.id) if one.state == State.PUBLIC}
        return any(map(self.there.is_meant, given))

    def forget(self, member: Member) -> None:
        """Their item is there no more."""
        self._accounts.members.set_item(member, None)

    def empty(self, name: str) -> EntityJson:
        """A person of whom nothing is said but what they are called here."""
        draft = ItemDraft(self._vocabulary, _NOBODY, class_name="Person")
        draft.label(LABEL_LANGUAGE, name)
        draft.add("username", name)
        return draft.entity()

    # -- changing

    def write(self, member: Member, said: Mapping[Field, tuple[Line, ...]], changed: frozenset[Field]) -> None:
        """Makes the item say these lines, as far as they changed; raises Conflict where one has to look again.

        Raises Forbidden, the writer's errors.
        """
        page = self.page(member)
        shows = any(said.values())
        if page is not None and shows and self.goes_there(member) and self._repository.keeps(page.entity_id):
            self._move(member, page, said)
        elif page is None:
            if shows:
                self._check_nobody_else(member)
                self._create(member, said)
        elif not shows:
            self._take_back(member, page)
        else:
            self._update(member, page, {part: said[part] for part in changed}, _label(member, said))
            if not self._repository.keeps(page.entity_id):
                self._drop_others(member)

    def follow_name(self, member: Member) -> None:
        """An item here goes with its owner to the name that they have now; whose item it is, their number says."""
        page = self._repository.page(member.item) if member.item else None
        if page is None or page.entity is None or not self._repository.keeps(page.entity_id):
            return
        if page.owner != member.name:
            self._repository.give(page.entity_id, member.name)
        claims = self._renamed(page.entity, member.name)
        if not claims:
            return
        changes: Json = {"claims": claims}
        held = page.entity["claims"].get(self._vocabulary.property_id("username"), ())
        if held and page.entity["labels"][LABEL_LANGUAGE]["value"] == value_of(held[0]):
            changes["labels"] = {LABEL_LANGUAGE: {"language": LABEL_LANGUAGE, "value": member.name}}
        self._writer.update(page.entity_id, changes, account=member.name, base_revision=page.revision_id, summary="")

    def _create(self, member: Member, said: Mapping[Field, tuple[Line, ...]]) -> None:
        """Their item comes into being by their own act: here under their name, or there where they agreed to it."""
        empty = self.empty(member.name)
        label = {"language": LABEL_LANGUAGE, "value": _label(member, said)}
        own = [{k: v for k, v in s.items() if k != "id"} for held in empty["claims"].values() for s in held]
        claims = [*own, *self._statements.changes(empty, said)]
        draft: Json = {"type": "item", "labels": {LABEL_LANGUAGE: label}, "claims": claims}
        owner = None if self.goes_there(member) else member.name
        said_of_it = BY_THEMSELVES if owner is None else None
        receipt = self._writer.create(draft, account=member.name, owner=owner, summary=said_of_it)
        self._accounts.members.set_item(member, receipt.entity_id)
        self._accounts.saved.move(holder_of(member), receipt.entity_id)

    def _move(self, member: Member, page: Page, said: Mapping[Field, tuple[Line, ...]]) -> None:
        """From here to there; killed in between, the next try finds it there and drops what is here."""
        self._accounts.saved.move(page.entity_id, holder_of(member))
        item = self._somebody(member.name)  # of two of one name the one there is found first
        if item is not None and not self._repository.keeps(item) and self._adopts(member, item):
            self._accounts.saved.move(holder_of(member), item)
            raise Conflict(f"{item} is yours already")
        self._create(member, said)
        self._drop_others(member)

    def _update(self, member: Member, page: Page, wanted: Mapping[Field, tuple[Line, ...]], label: str) -> None:
        assert page.entity is not None
        claims = self._statements.changes(page.entity, wanted)
        if not self._repository.keeps(page.entity_id):
            claims = [*self._lacking(page.entity, member.name), *claims]
            if not self._is_person(page.entity):
                self._accounts.saved.move(holder_of(member), page.entity_id)
        changes: Json = {"claims": claims} if claims else {}
        if page.entity["labels"].get(LABEL_LANGUAGE, {}).get("value") != label:
            changes["labels"] = {LABEL_LANGUAGE: {"language": LABEL_LANGUAGE, "value": label}}
        if changes:
            summary = "" if self._repository.keeps(page.entity_id) else BY_THEMSELVES
            self._writer.update(
                page.entity_id, changes, account=member.name, base_revision=page.revision_id, summary=summary
            )

    def _take_back(self, member: Member, page: Page) -> None:
        is_there = not self._repository.keeps(page.entity_id)
        if is_there and page.entity is not None and not (page.entity["claims"] or page.entity["labels"]):
            return  # emptied before, and still theirs, to be filled again
        self._accounts.saved.move(page.entity_id, holder_of(member))
        try:
            self._writer.delete(page.entity_id, account=member.name, reason=BY_THEMSELVES if is_there else "")
        except Forbidden:
            if not is_there:
                raise
            self._writer.empty(
                page.entity_id, account=member.name, base_revision=page.revision_id, summary=BY_THEMSELVES
            )
            return
        self._accounts.members.set_item(member, None)

    def _drop_others(self, member: Member) -> None:
        """What is left here of an item that went there."""
        for page in self._owned_people(member):
            self._writer.delete(page.entity_id, account=member.name, reason="")

    def _check_nobody_else(self, member: Member) -> None:
        """Nobody else is called so: an item that is theirs is taken up and looked at again, another is refused."""
        for page in self._owned_people(member):
            self._accounts.members.set_item(member, page.entity_id)
            raise Conflict(f"{page.entity_id} is yours already")
        item = self._somebody(member.name)
        if item is None:
            return
        if not self._repository.keeps(item) and self._adopts(member, item):
            raise Conflict(f"{item} is yours already")
        raise Forbidden(told("refused-name-taken", member.name))

    def _adopts(self, member: Member, item: str) -> bool:
        """Takes up an item there that is theirs, where the wiki vouches that the name is."""
        page = self._repository.page(item)
        vouched = self.there is not None and self.there.vouches_for(member) and self.goes_there(member)
        if not vouched or page is None or not self._may_be_theirs(member, page):
            return False
        self._accounts.members.set_item(member, item)
        return True

    def _owned_people(self, member: Member) -> Iterator[Page]:
        for page in self._repository.pages(self._repository.owned_by(member.name)).values():
            if page.entity is not None and self._is_person(page.entity):
                yield page

    def _is_person(self, entity: EntityJson) -> bool:
        classes = values_of(entity, self._vocabulary.property_id("instanceOf"))
        return self._vocabulary.item_id("Person") in classes

    def _somebody(self, name: str) -> str | None:
        try:
            return self._profiles.person(name).ref.id
        except NotFound:
            return None

    def _lacking(self, entity: EntityJson, name: str) -> list[Json]:
        """What makes an item there a person of this name again, after it was emptied or somebody else changed that."""
        property_id = self._vocabulary.property_id("instanceOf")
        classes = () if self._is_person(entity) else self.empty(name)["claims"][property_id]
        return [*({k: v for k, v in one.items() if k != "id"} for one in classes), *self._renamed(entity, name)]

    def _renamed(self, entity: EntityJson, name: str) -> list[Json]:
        """What makes the name the only username; nothing where it is."""
        property_id = self._vocabulary.property_id("username")
        held = [dict(statement) for statement in entity["claims"].get(property_id, ())]
        if [value_of(statement) for statement in held] == [name]:
            return []
        new = next(iter(self.empty(name)["claims"][property_id]))
        first = {**new, "id": held[0]["id"]} if held else {k: v for k, v in new.items() if k != "id"}
        return [first, *({"id": statement["id"], "remove": ""} for statement in held[1:])]


def holder_of(member: Member | Profile) -> str:
    """Under what the list of saved people and organizations is kept of somebody who has no item."""
    return holder_without_item(member.id if isinstance(member, Member) else member.member_id)


def _label(member: Member, said: Mapping[Field, tuple[Line, ...]]) -> str:
    return next((line.value for line in said[Field.ABOUT] if line.name == "displayName"), member.name)
