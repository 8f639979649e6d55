"""One record of each kind in the form of the bench, every field of it filled: for what goes in and comes out again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA: dict[str, list[dict[str, Any]]] = {
    "capacities": [
        {
            "qid": "Q8001",
            "parent": None,
            "labels": {"en": "root", "ja": "根"},
            "description": {"en": "Made up."},
            "created": "2026-01-01T00:00:00Z",
            "colour": "#0078D4",
        },
        {"qid": "", "parent": "Q8001", "labels": {"en": "leaf"}, "description": {}, "created": None, "capx_id": "12"},
    ],
    "territories": [
        {"code": "R-LAC", "kind": "region", "name": "Latin America", "parents": []},
        {"code": "BR", "kind": "country", "name": "Brazil", "parents": ["R-LAC"]},
    ],
    "languages": [{"code": "pt-br", "name": "Brazilian Portuguese", "autonym": "português do Brasil"}],
    "projects": [{"code": "wiki", "name": "Wikipedia"}],
    "organizations": [
        {
            "code": "ORG001",
            "names": {"en": "One", "pt": "Um"},
            "type": "user_group",
            "territories": ["BR"],
            "known": ["Q8001"],
            "available": [],
            "wanted": ["12"],
            "managers": [
                {"username": None, "since": "2025-02-01T00:00:00Z"},
                {"username": "Ana", "since": "2025-01-01T00:00:00Z"},
            ],
            "website": "https://example.org/",
            "updated": "2026-01-01T00:00:00Z",
        }
    ],
    "people": [
        {
            "id": 1,
            "username": "Ana",
            "active": True,
            "display_name": "Ana of the wiki",
            "pronoun": "other",
            "about": "Olá.",
            "about_language": "pt",
            "wikidata_qid": "Q9001",
            "wiki_alt": "",
            "territories": ["BR"],
            "languages": [{"code": "pt-br", "proficiency": "n"}],
            "projects": ["wiki"],
            "affiliations": ["ORG001"],
            "known": ["Q8001", "12"],
            "available": ["12"],
            "wanted": [],
            "saved_users": [],
            "saved_orgs": [],
            "joined": "2024-03-16T01:48:35Z",
            "last_update": "2026-02-17T03:04:09.683312Z",
            "source": "demonstration",
        }
    ],
    "events": [
        {
            "id": "EV1",
            "name": "Workshop",
            "organization": "ORG001",
            "creator": "Ana",
            "location_type": "in_person",
            "url": "https://example.org/e",
            "description": "Made up.",
            "wikidata_qid": "",
            "begin": "2026-07-01T10:00:00Z",
            "end": "2026-07-01T12:00:00Z",
            "capacities": ["12"],
        }
    ],
    "org_projects": [
        {
            "id": "PR1",
            "name": "Handbook",
            "description": "Made up too.",
            "url": "https://example.org/p",
            "creator": None,
            "created": "2026-01-01T00:00:00Z",
            "capacities": ["Q8001"],
            "members": [{"code": "ORG001", "accepted": True}],
        }
    ],
}


def write_data(folder: Path) -> Path:
    folder.mkdir()
    for name, records in DATA.items():
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (folder / "manifest.json").write_text('{"format": 1, "marked": true}', encoding="utf-8")
    return folder
