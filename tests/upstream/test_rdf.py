"""An RDF dump as first load: the same entities as by the API, and nothing of a file that is not whole or not theirs."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from capx_graph.connected import load_dump
from capx_graph.errors import DataError
from capx_graph.model import EntityJson
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.repository.dumps.dump import DumpFormat, write_dump
from capx_graph.repository.dumps.rdfentity import EntityFromRdf
from capx_graph.repository.dumps.rdffile import RdfFile, is_rdf
from capx_graph.upstream.answers import page_of
from tests.houses.upstream import Connected, Remote, connected, parted, remote_differences, remote_wiki
from tests.houses.upstream_edits import random_edits

pytestmark = pytest.mark.slow

THEN = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    with remote_wiki(tmp_path_factory.mktemp("remote")) as wiki:
        random_edits(wiki, 30, 5)
        wiki.write(_everything(wiki, whole=True))
        wiki.write(_everything(wiki, whole=False))
        yield wiki


@pytest.fixture(scope="module")
def dumps(remote: Remote) -> dict[str, bytes]:
    found = {}
    for form in DumpFormat:
        stream = BytesIO()
        write_dump(remote.repository, stream, form, at=remote.clock.now)
        found[form.value] = stream.getvalue()
    return found


@pytest.fixture
def here(remote: Remote, tmp_path: Path) -> Iterator[Connected]:
    with connected(remote, tmp_path / "data") as made:
        yield made


@pytest.fixture(scope="module")
def untouched(remote: Remote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connected]:
    """A data directory to which nothing is ever written."""
    with connected(remote, tmp_path_factory.mktemp("untouched")) as made:
        yield made
        assert made.repository.mirror.count() == 0
        assert made.repository.mirror.state == ""


def _everything(remote: Remote, *, whole: bool) -> EntityJson:
    """An item with values of many datatypes, in all places and ranks; ``whole`` if its RDF tells all of it."""
    names: dict[str, str] = {}
    for name, property_id in remote.instance.property_ids.items():
        names.setdefault(remote.instance.datatype(name), property_id)
    for datatype in {"time", "quantity"} - names.keys():
        names[datatype] = remote.repository.allocate("property", 1)[0]
        label = {"en": {"language": "en", "value": f"some {datatype} {names[datatype]}"}}
        remote.write({"type": "property", "id": names[datatype], "datatype": datatype, "labels": label})
    values = {
        "string": {"type": "string", "value": 'a "text" \\ in it'},
        "external-id": {"type": "string", "value": "Q11024"},
        "url": {"type": "string", "value": "https://example.org/ä?b=1%2F2"},
        "monolingualtext": {"type": "monolingualtext", "value": {"language": "pt-br", "text": "olá"}},
        "time": {
            "type": "time",
            "value": {
                "time": "+2026-05-00T00:00:00Z",
                "timezone": 0,
                "before": 0,
                "after": 0,
                "precision": 10,
                "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
            },
        },
        "quantity": {"type": "quantity", "value": {"amount": "+5.10", "unit": "1"}},
        "wikibase-item": {"type": "wikibase-entityid", "value": {"entity-type": "item", "id": "Q1"}},
    }
    snaks = [
        {"snaktype": "value", "property": names[datatype], "datavalue": value}
        for datatype, value in values.items()
        if datatype in names
    ]
    some, none = ({"snaktype": kind, "property": names["wikibase-item"]} for kind in ("somevalue", "novalue"))
    item_id = remote.repository.allocate("item", 1)[0]
    claims: dict[str, list[object]] = {}
    for number, (snak, rank) in enumerate(
        zip([*snaks, some, *([] if whole else [none])], ["normal", "preferred", "deprecated"] * 4, strict=False)
    ):
        statement = {
            "mainsnak": snak,
            "type": "statement",
            "rank": rank,
            "id": f"{item_id}$0000000A-0000-4000-8000-{number:012d}",
            "qualifiers": _by_property([*snaks, some] if number == 0 else [none]),
            # A reference of several parts is proven where it is used once; one of one part wherever it is.
            "references": [{"snaks": _by_property(part)} for part in ([snaks, [some]] if not number else [snaks[:1]])],
        }
        claims.setdefault(str(snak["property"]), []).append(statement)
    return {
        "type": "item",
        "id": item_id,
        "labels": {c: {"language": c, "value": f"all {c}"} for c in ("en", "pt-br", "zh-hant", "sr-ec")},
        "descriptions": {"ar": {"language": "ar", "value": "كل شيء"}},
        "aliases": {"en": [{"language": "en", "value": text} for text in ("z", "a", "m")]},
        "claims": claims,
    }


def _by_property(snaks: list[dict[str, object]]) -> dict[str, list[object]]:
    grouped: dict[str, list[object]] = {}
    for snak in snaks:
        grouped.setdefault(str(snak["property"]), []).append(snak)
    return grouped


def _load(here: Connected, folder: Path, name: str, content: bytes) -> tuple[int, int]:
    path = folder / name
    path.write_bytes(content)
    loaded = load_dump(here.sync, here.settings, path)
    return loaded.changed, loaded.left


@pytest.mark.parametrize("name", ["dump.nt", "dump.ttl", "dump.ttl.gz"])
def test_an_rdf_dump_gives_what_the_json_dump_and_the_api_give(
    remote: Remote, here: Connected, dumps: dict[str, bytes], tmp_path: Path, name: str
) -> None:
    content = dumps[Path(name).stem.rpartition(".")[2] if name.endswith(".gz") else name.rpartition(".")[2]]
    remote.asked.clear()
    taken, left = _load(here, tmp_path, name, gzip.compress(content) if name.endswith(".gz") else content)
    entities = {page.entity_id: page for page in remote.repository.scan() if page.redirect_to is None}
    redirects = sum(page.redirect_to is not None for page in remote.repository.scan())
    assert taken == len(entities) - 1
    assert left == redirects + 1
    assert not [sent for sent in remote.asked if sent.get("action") == "wbgetentities"]
    found = {id_: page for id_ in entities if (page := here.page(id_)) is not None}
    assert len(found) == taken
    assert found == {id_: replace(entities[id_], owner=None) for id_ in found}
    here.catch_up()
    assert parted(remote, here) == []
    assert remote_differences(here) == []


def test_the_revisions_of_an_rdf_dump_are_those_of_the_json_dump(
    remote: Remote, here: Connected, dumps: dict[str, bytes], tmp_path: Path
) -> None:
    _load(here, tmp_path, "dump.nt", dumps["nt"])
    with connected(remote, tmp_path / "other") as other:
        _load(other, tmp_path, "dump.json", dumps["json"])
        here.catch_up()
        other.catch_up()
        assert here.repository.mirror.revisions() == other.repository.mirror.revisions()
        assert list(here.repository.mirror.scan()) == list(other.repository.mirror.scan())


def test_what_changed_since_the_dump_comes_through_the_api(
    remote: Remote, here: Connected, dumps: dict[str, bytes], tmp_path: Path
) -> None:
    label = "changed since the dump"
    item_id = next(page.entity_id for page in remote.repository.scan("item") if page.entity and not page.redirect_to)
    before = remote.content(item_id)["labels"]
    remote.label(item_id, label)
    _load(here, tmp_path, "dump.nt", dumps["nt"])
    assert here.page(item_id) is None
    here.catch_up()
    assert here.label(item_id) == label
    remote.change(item_id, labels=before)


def test_a_selection_takes_of_an_rdf_dump_what_it_would_take_of_the_wiki(
    remote: Remote, dumps: dict[str, bytes], tmp_path: Path
) -> None:
    type_, broader = (remote.instance.property_id(name) for name in ("instanceOf", "broader"))
    chosen = f"{broader}={next(_targets(remote, broader))}"
    found = []
    for name in ("loaded", "read"):
        with connected(remote, tmp_path / name, CAPX_WIKIBASE_SELECT=f"{chosen},{type_}=Q1") as here:
            if name == "loaded":
                _load(here, tmp_path, "dump.ttl", dumps["ttl"])
            here.catch_up()
            found.append(list(here.repository.mirror.scan()))
    assert found[0] == found[1]
    assert len(found[0]) < sum(1 for _ in remote.repository.scan())


def _targets(remote: Remote, property_id: str) -> Iterator[str]:
    for page in remote.repository.scan("item"):
        for statement in (page.entity or {}).get("claims", {}).get(property_id, ()):
            if "datavalue" in statement["mainsnak"] and statement["rank"] != "deprecated":
                yield statement["mainsnak"]["datavalue"]["value"]["id"]


@pytest.mark.parametrize("form", ["nt", "ttl"])
@pytest.mark.parametrize("part", [0.1, 0.37, 0.5, 0.81, 0.99])
def test_a_dump_that_breaks_off_is_refused_before_anything_is_written(
    untouched: Connected, dumps: dict[str, bytes], tmp_path: Path, form: str, part: float
) -> None:
    content = dumps[form]
    inside_a_line = content.rindex(b'"', 0, int(len(content) * part)) + 1
    with pytest.raises(DataError, match=r"line \d+"):
        _load(untouched, tmp_path, f"dump.{form}", content[:inside_a_line])
    assert untouched.repository.mirror.count() == 0
    assert untouched.repository.mirror.state == ""


def test_a_dump_that_breaks_off_between_two_lines_is_refused_too(
    untouched: Connected, dumps: dict[str, bytes], tmp_path: Path
) -> None:
    content = dumps["nt"]
    inside_an_entity = content.index(b"\n", content.index(b"wasDerivedFrom")) + 1
    with pytest.raises(DataError, match=r"breaks off at byte \d+: it mentions http"):
        _load(untouched, tmp_path, "dump.nt", content[:inside_an_entity])


def test_a_packed_dump_that_breaks_off_is_refused_with_the_place(
    untouched: Connected, dumps: dict[str, bytes], tmp_path: Path
) -> None:
    packed = gzip.compress(dumps["ttl"])
    with pytest.raises(DataError, match=r"near byte \d+: it cannot be read on"):
        _load(untouched, tmp_path, "dump.ttl.gz", packed[:-2000])
    assert untouched.repository.mirror.count() == 0


def test_a_dump_cut_between_two_entities_is_completed_by_the_api(
    remote: Remote, here: Connected, dumps: dict[str, bytes], tmp_path: Path
) -> None:
    lines = dumps["nt"].splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if b"EntityData/" in line and b"schema.org/Dataset" in line]
    taken, _ = _load(here, tmp_path, "dump.nt", b"".join(lines[: starts[len(starts) // 2]]))
    assert taken
    here.catch_up()
    assert parted(remote, here) == []


HOSTILE = {
    "of another Wikibase": (
        b"http://wiki.example/",
        b"http://other.example/",
        r"near byte \d+: <http://other\.example",
    ),
    "with truthy statements only": (
        rb"(?m)^.*(prop/P|prop/statement|prop/qualifier|entity/statement|/reference/|/value/).*\n",
        b"",
        "truthy statements only",
    ),
    "of nothing that Wikibase describes": (rb"(?m)^.*EntityData/.*\n", b"", "describes no entity"),
    "with a broken line": (rb"(?m)^<http://wiki\.example/entity/Q2> ", b"<http://wiki.example/entity/Q2 ", r"line \d+"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_dump_that_is_not_theirs_or_not_whole_is_refused(
    untouched: Connected, dumps: dict[str, bytes], tmp_path: Path, kind: str
) -> None:
    what, with_, said = HOSTILE[kind]
    content = re.sub(what, with_, dumps["nt"])
    assert content != dumps["nt"]
    with pytest.raises(DataError, match=said):
        _load(untouched, tmp_path, "dump.nt", content)
    assert untouched.repository.mirror.count() == 0


def test_where_the_data_pages_of_a_dump_lie_does_not_matter(
    remote: Remote, dumps: dict[str, bytes], tmp_path: Path
) -> None:
    """A script that writes a dump often does not know the address under which the wiki is reached."""
    path = tmp_path / "dump.nt"
    path.write_bytes(dumps["nt"].replace(b"http://wiki.example/wiki/", b"https://localhost/wiki/"))
    file = RdfFile(path, WikibaseNamespaces("http://wiki.example"))
    survey = file.survey()
    assert survey.entities == sum(1 for _ in remote.repository.scan())
    assert sum(1 for _ in file.blocks()) == survey.entities


def test_an_entity_whose_rdf_was_tampered_with_is_not_taken(
    remote: Remote, here: Connected, dumps: dict[str, bytes], tmp_path: Path
) -> None:
    content = dumps["nt"].replace(b'"+5.10"', b'"+5.20"')
    assert content != dumps["nt"]
    _, left = _load(here, tmp_path, "dump.nt", content)
    assert left
    here.catch_up()
    assert parted(remote, here) == []


def _guid(match: re.Match[str]) -> str:
    return f"00000000-0000-4000-8000-{int(match[1]):012d}"


def test_what_the_reference_wrote_as_rdf_becomes_its_own_json_or_nothing(shared: Path, tmp_path: Path) -> None:
    folder = shared / "golden" / "wikibase" / "public" / "entities"
    whole = tmp_path / "golden.nt"
    whole.write_bytes(b"".join(path.read_bytes() for path in sorted(folder.glob("*.dump.nt"))))
    file = RdfFile(whole, WikibaseNamespaces("http://127.0.0.1:8181"))
    reading = EntityFromRdf(file.namespaces, file.survey().datatypes, file.shared)
    proven, left = [], []
    for block in file.blocks():
        entity = reading.entity(block)
        path = folder / f"{block.entity_id}.json"
        text = re.sub(r"\{\{guid:([0-9]+)\}\}", _guid, path.read_text(encoding="utf-8"))
        ((entity_id, recorded),) = json.loads(text)["entities"].items()
        if entity is None or entity_id != block.entity_id:
            left.append(block.entity_id)
            continue
        proven.append(entity_id)
        facts = {"pageid": 1, "lastrevid": 1, "modified": THEN.isoformat()}
        assert entity == page_of({**recorded, **facts}).entity, entity_id
    assert len(proven) > 2 * len(left), left


@pytest.mark.parametrize(("start", "is_"), [(b"[\n{", False), (b'{"id"', False), (b"@prefix", True), (b"<http", True)])
def test_a_file_is_told_by_its_beginning_not_by_its_name(tmp_path: Path, start: bytes, is_: bool) -> None:
    for content in (start, gzip.compress(start)):
        (tmp_path / "dump").write_bytes(content)
        assert is_rdf(tmp_path / "dump") is is_
