"""Files are there whole or not at all, whoever reads meanwhile and whatever goes wrong."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from capx_graph.datadir import whole


def test_a_file_is_put_where_no_directory_was(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"
    whole.put(path, "é", durable=True)
    whole.put(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(path.parent.iterdir()) == [path]


def test_what_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    whole.put(path, "first")
    with pytest.raises(UnicodeEncodeError):
        whole.put(path, "half \ud800")
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]


def test_what_breaks_off_while_it_is_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "graph.nt"
    whole.put(path, "first")
    with pytest.raises(ZeroDivisionError), whole.writing(path) as file:
        file.writelines(b"half" * (1 // left) for left in (1, 0))
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]


def test_a_private_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"
    whole.put(path, "somebody", private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_threads_that_write_one_file_leave_one_of_their_texts_whole(tmp_path: Path) -> None:
    texts = [str(number) * 20_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: whole.put(tmp_path / "file", text), texts * 8))
    assert (tmp_path / "file").read_text() in texts
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
