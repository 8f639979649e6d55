"""Published dumps: files of everything that is public, with checksums and a description, each publication a directory.

The wiring and the doors import it. A publication is made aside and appears by one rename, so that nobody reads half a
file; the newest few are kept. The RDF holds both layers of the graph, the JSON is Wikibase's own form of dump.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from capx_graph.datadir.generations import Generations
from capx_graph.errors import Conflict, NotFound
from capx_graph.instants import stamp
from capx_graph.messages import told
from capx_graph.namespaces import CC0, DCTERMS, XSD, WikibaseNamespaces
from capx_graph.settings import Settings
from capx_graph.terms import RDF_TYPE, Literal, NamedNode, RdfFormat, Triple, iri, literal, write_rdf

DCAT = "http://www.w3.org/ns/dcat#"
SPDX = "http://spdx.org/rdf/terms#"
MEDIA_TYPES: Mapping[str, str] = {
    "graph.nt.gz": "application/n-triples",
    "graph.ttl.gz": "text/turtle",
    "entities.json.gz": "application/json",
}
"""The files of a publication and what they hold."""

KEPT = 3
_NAME = re.compile(r"\d{8}T\d{6}Z")
_INDEX = "index.json"
CHECKSUMS = "SHA256SUMS"
"""The file that ``sha256sum -c`` reads."""

Writer = Callable[[BinaryIO], object]


def dump_directory(settings: Settings) -> Path:
    """Where published dumps lie."""
    return settings.cache / "dumps"


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A file with its size in bytes and its checksum."""

    name: str
    size: int
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Publication:
    """The files of one moment; ``name`` is that moment, such as ``20260601T020000Z``."""

    name: str
    files: tuple[DumpFile, ...]

    @property
    def at(self) -> datetime:
        """When it was made."""
        return datetime.strptime(self.name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


class Dumps:
    """The publications in one directory, which need not be there."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def publications(self) -> tuple[Publication, ...]:
        """All publications, newest first."""
        found = self._directory.iterdir() if self._directory.is_dir() else iter(())
        names = sorted((path.name for path in found if _NAME.fullmatch(path.name)), reverse=True)
        return tuple(_read(self._directory / name) for name in names if (self._directory / name / _INDEX).is_file())

    def file(self, publication: str, name: str) -> Path:
        """A file, or the checksums; of the newest publication under the name ``latest``; raises NotFound."""
        known = self.publications()
        wanted = known[0].name if publication == "latest" and known else publication
        for one in known:
            if one.name == wanted and name in {CHECKSUMS, *(file.name for file in one.files)}:
                return self._directory / one.name / name
        raise NotFound(told("refused-absent", f"{publication[:40]}/{name[:40]}"))

    def newest_rdf(self) -> tuple[str, ...]:
        """The paths, below the site's address, of the newest publication's files in RDF."""
        return tuple(
            f"/dumps/{one.name}/{file.name}"
            for one in self.publications()[:1]
            for file in one.files
            if file.media_type != "application/json"
        )

    def publish(self, writers: Mapping[str, Writer], *, at: datetime) -> Publication:
        """Makes a publication out of what writes each file; raises Conflict where one of this second is there."""
        target = self._directory / at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        making = Generations(self._directory / "making")
        try:
            if target.exists():
                raise Conflict(f"{target} is there already")
            aside = making.begin()
            try:
                files = [_written(aside / name, write, at) for name, write in writers.items()]
                (aside / _INDEX).write_text(json.dumps([_as_json(file) for file in files]), encoding="utf-8")
                sums = "".join(f"{file.sha256}  {file.name}\n" for file in files)
                (aside / CHECKSUMS).write_text(sums, encoding="ascii")
                aside.rename(target)
            finally:
                making.discard(aside)
            for former in self.publications()[KEPT:]:
                shutil.rmtree(self._directory / former.name, ignore_errors=True)
            return _read(target)
        finally:
            making.close()

    def withdraw(self, *, until: datetime) -> int:
        """Removes the publications up to a moment, which hold what was erased then; answers how many."""
        found = [one for one in self.publications() if one.at <= until]
        for one in found:
            shutil.rmtree(self._directory / one.name, ignore_errors=True)
        return len(found)

    def describe(self, namespaces: WikibaseNamespaces, *, title: str) -> bytes:
        """A DCAT description of the newest publication, in Turtle; before the first, of an empty dataset."""
        newest = next(iter(self.publications()), None)
        prefixes = {"dcat": DCAT, "dct": DCTERMS, "spdx": SPDX, "xsd": XSD}
        triples = list(_description(newest, namespaces.site, title))
        return write_rdf(triples, RdfFormat.TURTLE, prefixes=prefixes)


def _written(path: Path, write: Writer, at: datetime) -> DumpFile:
    with path.open("wb") as raw:
        with gzip.GzipFile("", "wb", 6, raw, mtime=at.timestamp()) as packed:
            write(cast(BinaryIO, packed))
        raw.flush()
        os.fsync(raw.fileno())
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return DumpFile(path.name, path.stat().st_size, digest, MEDIA_TYPES[path.name])


def _as_json(file: DumpFile) -> dict[str, object]:
    return {"name": file.name, "size": file.size, "sha256": file.sha256, "media_type": file.media_type}


def _read(directory: Path) -> Publication:
    content = json.loads((directory / _INDEX).read_text(encoding="utf-8"))
    return Publication(directory.name, tuple(DumpFile(**one) for one in content))


def _description(newest: Publication | None, base: str, title: str) -> Iterator[Triple]:
    dataset = iri(f"{base}/dumps/#dataset")
    yield Triple(dataset, RDF_TYPE, iri(DCAT + "Dataset"))
    yield Triple(dataset, iri(DCTERMS + "title"), literal(title))
    yield Triple(dataset, iri(DCTERMS + "license"), iri(CC0))
    yield Triple(dataset, iri(DCTERMS + "isReferencedBy"), iri(f"{base}/.well-known/void"))
    if newest is not None:
        yield from _distributions(newest, dataset, base)


def _distributions(one: Publication, dataset: NamedNode, base: str) -> Iterator[Triple]:
    moment = Literal(stamp(one.at), datatype=iri(XSD + "dateTime"))
    yield Triple(dataset, iri(DCTERMS + "modified"), moment)
    for file in one.files:
        address = f"{base}/dumps/{one.name}/{file.name}"
        node, checksum = iri(f"{address}#distribution"), iri(f"{address}#checksum")
        yield Triple(dataset, iri(DCAT + "distribution"), node)
        yield Triple(node, RDF_TYPE, iri(DCAT + "Distribution"))
        yield Triple(node, iri(DCAT + "downloadURL"), iri(address))
        yield Triple(node, iri(DCTERMS + "issued"), moment)
        yield Triple(node, iri(DCTERMS + "license"), iri(CC0))
        yield Triple(node, iri(DCAT + "byteSize"), Literal(str(file.size), datatype=iri(XSD + "nonNegativeInteger")))
        media = "https://www.iana.org/assignments/media-types/"
        yield Triple(node, iri(DCAT + "mediaType"), iri(media + file.media_type))
        yield Triple(node, iri(DCAT + "compressFormat"), iri(media + "application/gzip"))
        yield Triple(node, iri(SPDX + "checksum"), checksum)
        yield Triple(checksum, iri(SPDX + "algorithm"), iri(SPDX + "checksumAlgorithm_sha256"))
        yield Triple(checksum, iri(SPDX + "checksumValue"), Literal(file.sha256, datatype=iri(XSD + "hexBinary")))
