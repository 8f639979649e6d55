"""The rules of the exchange of translations: what becomes of a text that is here, there, or both."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capx_graph.errors import InvalidInput
from capx_graph.translation import bundle
from capx_graph.translation.catalogue import Text
from capx_graph.translation.merging import Action, decide, fingerprint

OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
A, B = "a", "b"


@pytest.mark.parametrize(
    ("here", "there", "synced", "action"),
    [
        (None, None, None, Action.LEAVE),
        (Text(A), None, None, Action.PUSH),
        (None, Text(A), None, Action.PULL),
        (Text(A), None, A, Action.PERSON),
        (None, Text(A), A, Action.PERSON),
        (Text(A), Text(A), None, Action.SAME),
        (Text(A, OLD), Text(A, NEW), B, Action.SAME),
        (Text(A, OLD), Text(B, NEW), None, Action.PULL),
        (Text(A, NEW), Text(B, OLD), None, Action.PUSH),
        (Text(A, NEW), Text(B, NEW), None, Action.PERSON),
        (Text(A, NEW), Text(B), None, Action.PERSON),
        (Text(A), Text(B, NEW), None, Action.PERSON),
        (Text(A, OLD), Text(B, NEW), B, Action.PUSH),
        (Text(A, NEW), Text(B, OLD), A, Action.PULL),
        (Text(A, OLD), Text(B, NEW), "c", Action.PERSON),
        (Text(A, NEW, draft=True), Text(B, OLD), None, Action.PULL),
        (Text(A, NEW, draft=True), None, None, Action.LEAVE),
        (None, Text(A, NEW, draft=True), None, Action.LEAVE),
        (Text(A, OLD), Text(B, NEW, draft=True), None, Action.PERSON),
        (Text(A, NEW), Text(B, OLD, draft=True), None, Action.PUSH),
        (Text(""), Text(A), None, Action.PULL),
    ],
)
def test_a_text_goes_where_it_is_missing_or_older_and_else_to_a_person(
    here: Text | None, there: Text | None, synced: str | None, action: Action
) -> None:
    assert decide(here, there, fingerprint(synced) if synced else None).action is action


SIDES = st.none() | st.builds(Text, st.sampled_from(["", A, B]), st.none() | st.sampled_from([OLD, NEW]), st.booleans())


@given(SIDES, SIDES, st.sampled_from([None, A, B, "c"]))
def test_nothing_is_lost_without_a_reason_to_prefer_the_other(
    here: Text | None, there: Text | None, synced: str | None
) -> None:
    action = decide(here, there, fingerprint(synced) if synced else None).action
    if action is Action.PULL:
        assert there is not None
        assert there.text
        assert (
            here is None
            or not here.text
            or here.draft
            or synced == here.text
            or (here.at and there.at and there.at > here.at)
        )
    if action is Action.PUSH:
        assert here is not None
        assert here.text
        assert not here.draft
        assert there is None or not there.text or synced == there.text or (here.at and there.at and here.at > there.at)


def test_a_bundle_is_read_without_what_is_not_ours_and_written_with_it() -> None:
    text = '{"@metadata": {"sourceLanguage": "en", "label": "x"}, "Q1-label": "one", "title": "T", "Q2-label": 3}'
    assert bundle.read(text, "it") == {"Q1-label": "one"}
    changed = bundle.changed(text, {"Q1-label": "1", "capx36-label": "36"}, "it")
    assert '"title": "T"' in changed
    assert bundle.read(changed, "it") == {"Q1-label": "1", "capx36-label": "36"}
    assert bundle.language_of(changed) == "en"


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '"x"'])
def test_what_is_no_bundle_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="it "):
        bundle.read(text, "it")


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("B.json/Q1-label/pt-br", ("Q1-label", "pt-br")),
        ("B.json/capx36-description/ar", ("capx36-description", "ar")),
        ("B.json/Q1-label", None),
        ("B.json/title/ar", None),
        ("B.json/Q1-label/", None),
        ("Other/Q1-label/ar", None),
        ("B.json/Q0-label/ar", None),
    ],
)
def test_the_title_of_a_translation_names_its_unit(title: str, unit: tuple[str, str] | None) -> None:
    assert bundle.unit_of(title, "B.json") == unit
