"""Finding entities by name: scripts, accents, ranks of matches, hostile queries, changes and rebuilds."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capx_graph.errors import StoreLocked, Unavailable
from capx_graph.model import EntityKind
from capx_graph.textindex import TextEntry, TextField, TextIndex, fold
from capx_graph.textindex.folding import spaced

CAPACITY, PERSON = EntityKind.CAPACITY, EntityKind.PERSON


def label(
    entity_id: str,
    text: str,
    language: str = "en",
    kind: EntityKind | None = CAPACITY,
    field: TextField = TextField.LABEL,
) -> TextEntry:
    return TextEntry(entity_id, kind, field, language, text)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[TextIndex]:
    index = TextIndex(tmp_path / "text")
    yield index
    index.close()


def fill(index: TextIndex, *entries: TextEntry) -> None:
    by_entity: dict[str, list[TextEntry]] = {}
    for entry in entries:
        by_entity.setdefault(entry.entity_id, []).append(entry)
    index.apply(index.cursor + 1, by_entity)


def found(index: TextIndex, text: str) -> list[str]:
    return [hit.entity_id for hit in index.search(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Edição de Vídeo", "edicao de video"),
        ("ビデオ", "びでお"),
        ("ﾋﾞﾃﾞｵ", "ビデオ"),
        ("ＡＢＣ", "abc"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("Łódź", "lodz"),
        ("  two \t words ", "Two words"),
        ("Ελλάδα", "ελλαδα"),
    ],
)
def test_spellings_of_one_word_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("か", "が"), ("कि", "की"), ("मेल", "मल"), ("ab", "a b")])
def test_marks_that_carry_meaning_are_kept(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_what_is_folded_folds_to_itself(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_scripts_without_spaces_are_cut_into_characters() -> None:
    assert spaced("wiki編集の方法2") == "wiki 編 集 の 方 法 2"


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("動画編集", "編集"),
        ("動画編集", "画"),
        ("ビデオ編集", "びでお"),
        ("การตัดต่อวิดีโอ", "ตัดต่อ"),
        ("동영상 편집", "영상"),
        ("تحرير الفيديو", "فيديو"),
        ("تحرير الفيديو", "تحرير"),
        ("वीडियो संपादन", "संपादन"),
        ("video editing", "edit"),
        ("video editing", "EDITING video"),
        ("video editing", "diti"),
        ("Vídeo-edição", "video edicao"),
        ("Édition vidéo", "edition"),
        ("C++ & C#", "c++"),
    ],
)
def test_a_text_is_found_by_its_parts(index: TextIndex, text: str, query: str) -> None:
    fill(index, label("Q1", text), label("Q2", "something else"))
    assert found(index, query) == ["Q1"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "%",
        '"',
        '""',
        "' OR 1=1 --",
        "*",
        "NEAR(",
        "AND",
        "text:",
        "^",
        "-",
        "(",
        "\x00",
        "a\x00",
        "a\x00b c",
        "ab\ud800c",
        "😀",
        "a" * 5000,
    ],
)
def test_hostile_queries_find_nothing_and_do_no_harm(index: TextIndex, query: str) -> None:
    fill(index, label("Q1", "video editing"))
    assert found(index, query) == []
    assert index.suggest(query) == []
    assert found(index, "video") == ["Q1"]


def test_better_matches_come_first(index: TextIndex) -> None:
    fill(
        index,
        label("Q5", "remedial"),
        label("Q4", "many medians"),
        label("Q3", "new media"),
        label("Q2", "media literacy"),
        label("Q1", "Media"),
    )
    hits = index.search("media")
    assert [hit.entity_id for hit in hits] == ["Q1", "Q2", "Q3", "Q4", "Q5"]
    assert [hit.exact for hit in hits] == [True, False, False, False, False]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0


def test_an_entity_is_one_hit_by_its_best_text(index: TextIndex) -> None:
    fill(
        index,
        label("Q1", "writing about media", field=TextField.ABOUT),
        label("Q1", "media", field=TextField.ALIAS),
        label("Q1", "media studies"),
    )
    (hit,) = index.search("media")
    assert (hit.text, hit.field, hit.exact) == ("media", TextField.ALIAS, True)


def test_languages_of_the_reader_decide_between_equals(index: TextIndex) -> None:
    fill(index, label("Q1", "video", "en"), label("Q1", "vídeo", "pt"))
    assert index.search("video", languages=["pt"])[0].language == "pt"
    assert index.search("video", languages=["en"])[0].language == "en"


def test_kinds_restrict_the_hits(index: TextIndex) -> None:
    fill(
        index,
        label("Q1", "video"),
        label("Q2", "Video", kind=PERSON, field=TextField.USERNAME),
        label("P1", "video", kind=None),
    )
    assert [hit.entity_id for hit in index.search("video", kinds=[PERSON])] == ["Q2"]
    assert len(index.search("video")) == 3
    assert [hit.entity_id for hit in index.suggest("vid", kinds=[CAPACITY])] == ["Q1"]


def test_suggestions_begin_with_what_was_typed(index: TextIndex) -> None:
    fill(index, label("Q1", "old video"), label("Q2", "video editing"), label("Q3", "video"), label("Q4", "audiovideo"))
    assert [hit.entity_id for hit in index.suggest("video")] == ["Q3", "Q2", "Q1", "Q4"]
    assert [hit.entity_id for hit in index.suggest("video", limit=2)] == ["Q3", "Q2"]
    assert [hit.entity_id for hit in index.suggest("v")] == ["Q3", "Q2", "Q1"]


def test_no_limit_gives_every_match(index: TextIndex) -> None:
    fill(index, *(label(f"Q{n}", f"video {n}") for n in range(100)))
    assert len(index.search("video")) == 50
    assert len(index.search("video", limit=None)) == 100


def test_replaced_texts_are_no_longer_found(index: TextIndex) -> None:
    fill(index, label("Q1", "動画 editing"), label("Q2", "editing"))
    index.apply(7, {"Q1": [label("Q1", "photography")]})
    assert index.cursor == 7
    assert found(index, "photography") == ["Q1"]
    assert found(index, "editing") == ["Q2"]
    assert found(index, "動") == []
    index.apply(8, {"Q1": []})
    assert found(index, "photography") == []
    assert index.entries("Q1") == []
    assert list(index.entity_ids()) == ["Q2"]


def test_a_failed_change_leaves_texts_and_cursor(index: TextIndex) -> None:
    fill(index, label("Q1", "video"))
    with pytest.raises(AttributeError):
        index.apply(9, {"Q1": [], "Q2": [None]})  # type: ignore[list-item]
    assert found(index, "video") == ["Q1"]
    assert index.cursor == 1


def test_content_and_cursor_are_there_after_reopening(tmp_path: Path) -> None:
    index = TextIndex(tmp_path)
    index.apply(3, {"Q1": [label("Q1", "video")]})
    index.close()
    index = TextIndex(tmp_path)
    assert (index.cursor, found(index, "video"), len(index)) == (3, ["Q1"], 1)
    index.close()


def test_a_rebuild_replaces_everything_at_once(index: TextIndex) -> None:
    fill(index, label("Q1", "old"))
    with index.rebuild("m2") as build:
        build.add([label("Q1", "new"), label("Q2", "newer")])
        build.finish(9)
        build.apply(10, {"Q2": [label("Q2", "newest")]})
        assert found(index, "old") == ["Q1"]
        build.publish()
    assert found(index, "old") == []
    assert found(index, "new") == ["Q1", "Q2"]
    assert found(index, "newer") == []
    assert (index.cursor, index.model) == (10, "m2")
    fill(index, label("Q3", "newest"))
    assert index.cursor == 11


def test_a_rebuild_that_is_not_published_leaves_nothing(index: TextIndex, tmp_path: Path) -> None:
    fill(index, label("Q1", "old"))
    with index.rebuild("m2") as build:
        build.add([label("Q1", "new")])
    assert found(index, "old") == ["Q1"]
    assert [path.name for path in (tmp_path / "text").iterdir() if path.is_dir()] == ["1"]


def test_threads_search_while_generations_change(index: TextIndex) -> None:
    fill(index, *(label(f"Q{n}", "video") for n in range(20)))

    def search(_: int) -> int:
        return len(index.search("video"))

    with ThreadPoolExecutor(4) as threads:
        counts = threads.map(search, range(200))
        for model in ("a", "b", "c"):
            with index.rebuild(model) as build:
                build.add(label(f"Q{n}", "video") for n in range(20))
                build.finish(index.cursor + 1)
                build.publish()
        assert set(counts) == {20}


def test_an_index_that_cannot_be_read_is_begun_anew(tmp_path: Path) -> None:
    index = TextIndex(tmp_path)
    index.apply(3, {"Q1": [label("Q1", "video")]})
    index.close()
    (tmp_path / "1" / "text.sqlite").write_text("nonsense" * 1000)
    index = TextIndex(tmp_path)
    assert (index.cursor, len(index)) == (0, 0)
    index.close()


def test_a_second_opener_is_told(index: TextIndex, tmp_path: Path) -> None:
    with pytest.raises(StoreLocked, match="pid"):
        TextIndex(tmp_path / "text")


def test_a_closed_index_says_so(index: TextIndex) -> None:
    index.close()
    with pytest.raises(Unavailable, match="closed"):
        index.search("x")
