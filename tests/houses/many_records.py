"""Records that take a few transactions to import."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

CAPACITIES = [f"Q80{number:03}" for number in range(40)]


def records(people: int) -> dict[str, list[dict[str, Any]]]:
    """A data set that takes a few transactions to import."""
    stream = random.Random("crash")
    return {
        "capacities": [
            {
                "qid": qid,
                "parent": CAPACITIES[number % 6] if number >= 6 else None,
                "labels": {"en": f"capacity {number}", "ja": f"能力{number}"},
                "description": {"en": f"Made up, {number}."},
                "created": "2026-01-01T00:00:00Z",
            }
            for number, qid in enumerate(CAPACITIES)
        ],
        "territories": [
            {"code": "R-LAC", "kind": "region", "name": "Latin America", "parents": []},
            {"code": "BR", "kind": "country", "name": "Brazil", "parents": ["R-LAC"]},
        ],
        "languages": [{"code": "pt", "name": "Portuguese", "autonym": "português"}],
        "projects": [{"code": "wiki", "name": "Wikipedia"}],
        "organizations": [
            {"code": "ORG1", "names": {"en": "One"}, "type": "chapter", "managers": [{"username": "Person 1"}]}
        ],
        "people": [
            {
                "username": f"Person {number}",
                "active": True,
                "territories": ["BR"],
                "languages": [{"code": "pt", "proficiency": "n"}],
                "affiliations": ["ORG1"],
                "known": (known := stream.sample(CAPACITIES, 6)),
                "available": known[:3],
                "last_update": f"2026-02-17T03:04:09.{number:06}Z",
            }
            for number in range(people)
        ],
    }


def write(folder: Path, people: int) -> Path:
    folder.mkdir()
    for name, found in records(people).items():
        text = "".join(json.dumps(record) + "\n" for record in found)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (folder / "manifest.json").write_text('{"format": 1, "seed": 1}', encoding="utf-8")
    return folder
