"""What waits for a member from elsewhere: drafts shown value by value, and filled into the form if they wish.

Given out by the package. Nothing of a draft is in the profile before its owner saved it there; what they did with it
is kept, its content is not. Who may see one: the member of that name, as the wiki that people sign in with vouches for
it; where nobody signs in from elsewhere, the operator, by having made the account. Who registered here by themselves
has chosen the name, which shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from capx_graph import languages
from capx_graph.accounts import DraftOutcome, Drafts, Member, ProfileDraft, Said
from capx_graph.directory import Directory, DirectoryCache
from capx_graph.membership.fields import CHOSEN_FROM, FIELD_OF, Field, Line, Part, Profile
from capx_graph.model import Ref
from capx_graph.search import Search

_ONCE = frozenset({"displayName", "pronoun", "image", "wikidataId"})
"""What a profile says once; what it says already counts."""
_SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class OfferedValue:
    """A value of a draft; ``key`` names it in a form, ``part`` is where it would go, None where a profile has no place.

    ``item`` is the thing of the directory as of now; where there is none, ``suggested`` may have what was meant.
    """

    key: str
    said: Said
    part: Field | None
    item: str = ""
    suggested: tuple[Ref, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it can be filled in as it is."""
        return self.part is not None and (self.part not in CHOSEN_FROM or bool(self.item))


@dataclass(frozen=True, slots=True)
class Offer:
    """A draft as its owner sees it."""

    draft: ProfileDraft
    values: tuple[OfferedValue, ...]

    def of(self, part: Field | None) -> tuple[OfferedValue, ...]:
        """The values that would go to a part of the profile; of None those without a place."""
        return tuple(value for value in self.values if value.part is part)


class Offers:
    """The offers of one installation; ``elsewhere`` says whether people sign in with a wiki, ``self_made`` of an
    account whether nobody vouches for its name."""

    def __init__(
        self,
        drafts: Drafts,
        directory: DirectoryCache,
        search: Search,
        *,
        elsewhere: bool,
        self_made: Callable[[int], bool],
    ) -> None:
        self._drafts = drafts
        self._directory = directory
        self._search = search
        self._elsewhere = elsewhere
        self._self_made = self_made

    def waiting(self, member: Member) -> list[ProfileDraft]:
        """The open drafts of a member."""
        if not member.issuer and (self._elsewhere or self._self_made(member.id)):
            return []
        return self._drafts.open_for(member.id, member.name)

    def shown(self, member: Member, reader: Sequence[str]) -> tuple[Offer, ...]:
        """The same with what is known of each value, for this reader."""
        directory = self._directory.current()
        return tuple(Offer(draft, tuple(self._offered(draft, directory, reader))) for draft in self.waiting(member))

    def settle(self, member: Member, draft_ids: Collection[int], outcome: DraftOutcome) -> int:
        """The member has dealt with these: their content goes. Answers how many there were."""
        return self._drafts.settle(member.id, draft_ids, outcome) if self.waiting(member) else 0

    def filled(
        self,
        profile: Profile,
        offers: Sequence[Offer],
        chosen: Collection[str],
        meant: Mapping[str, str],
        *,
        language: str = "en",
    ) -> dict[Field, Part]:
        """The profile with the chosen values added, states as they are; ``meant`` has items by the keys of values.

        A text whose source does not say its language is taken to be in ``language``, for its owner to correct.
        """
        lines = {part: list(content.lines) for part, content in profile.parts.items()}
        entries = self._directory.current().entries
        for value in (value for offer in offers for value in offer.values if value.key in chosen):
            item = meant.get(value.key) or value.item
            part = value.part
            if part is None or (part in CHOSEN_FROM and not (item in entries and _is_for(entries[item].kind, part))):
                continue
            line = _line(value.said, item if part in CHOSEN_FROM else value.said.text, language)
            there = {held.key for held in lines[part]} | {(name, "", "") for name in _said_once(lines[part])}
            if line.key not in there and (line.name, "", "") not in there:
                lines[part].append(line)
        return {part: replace(content, lines=tuple(lines[part])) for part, content in profile.parts.items()}

    def _offered(self, draft: ProfileDraft, directory: Directory, reader: Sequence[str]) -> Iterator[OfferedValue]:
        for number, said in enumerate(draft.record.values):
            part = FIELD_OF.get(said.name)
            key = f"{draft.id}.{number}"
            if part is None or part not in CHOSEN_FROM:
                yield OfferedValue(key, said, part)
                continue
            item = directory.redirects.get(said.item, said.item)
            if item in directory.entries and _is_for(directory.entries[item].kind, part):
                yield OfferedValue(key, said, part, item)
            else:
                yield OfferedValue(key, said, part, suggested=self._suggested(said.text, part, reader))

    def _suggested(self, text: str, part: Field, reader: Sequence[str]) -> tuple[Ref, ...]:
        if not any(letter.isalpha() for letter in text):
            return ()  # a number of another service says nothing
        found = self._search.suggest(text[:100], kinds=(CHOSEN_FROM[part],), reader=reader, limit=_SUGGESTED)
        words = [] if found else [word for word in text[:100].split() if len(word) > 3]
        for word in words:
            found = (*found, *self._search.suggest(word, kinds=(CHOSEN_FROM[part],), reader=reader, limit=_SUGGESTED))
        return tuple({one.ref.id: one.ref for one in found}.values())[:_SUGGESTED]


def _is_for(kind: object, part: Field) -> bool:
    return kind is CHOSEN_FROM[part]


def _line(said: Said, value: str, language: str) -> Line:
    known = languages.monolingual_codes()
    written = next((code for code in (said.language, language, "en") if code in known), "")
    return Line(said.name, value, language=written if said.name == "about" else "", level=said.level)


def _said_once(lines: Sequence[Line]) -> set[str]:
    return {line.name for line in lines if line.name in _ONCE}
