"""A desk at which files of other services are taken in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from capx_graph.accounts import ProfileDraft
from capx_graph.connected import load_embedded
from capx_graph.importers.outside import OutsideImport, OutsideReport, read_files
from capx_graph.importers.rejects import RejectsFile
from capx_graph.opening import shapes
from tests.houses.directory import House


class Desk:
    """Files of one test, and what taking them in did."""

    def __init__(self, home: House, folder: Path) -> None:
        self.home = home
        self.folder = folder
        self.rejects = folder / "rejects.jsonl"

    def file(self, name: str, content: object, *, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path.write_bytes(text.encode(encoding))
        return path

    def take_in(self, *paths: Path) -> OutsideReport:
        services = self.home.services
        outside = OutsideImport(
            services.repository,
            load_embedded(),
            services.accounts.drafts,
            erased=services.erasures.tombstones.stands_for,
            shapes=shapes,
            clock=services.settings.now,
        )
        with RejectsFile(self.rejects) as rejects:
            report = outside.run(read_files(paths), rejects)
        services.ingest.catch_up()
        return report

    def refused(self) -> list[dict[str, Any]]:
        if not self.rejects.exists():
            return []
        return [json.loads(line) for line in self.rejects.read_text(encoding="utf-8").splitlines()]

    def draft(self, name: str, source: str) -> ProfileDraft:
        accounts = self.home.services.accounts
        account = accounts.account(name) or accounts.add(name, "correct horse")
        return next(d for d in accounts.drafts.open_for(account.user_id, name) if d.record.source == source)

    def values(self, name: str, source: str) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for said in self.draft(name, source).record.values:
            found.setdefault(said.name, []).append((said.text, self.code(said.item)))
        return found

    def code(self, item: str) -> str:
        directory = self.home.directory
        return directory.entries[item].code or "" if item in directory.entries else item


LETS_CONNECT = "username,want_to_learn,want_to_share,languages,territory\n"
