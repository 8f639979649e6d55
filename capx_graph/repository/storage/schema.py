"""The tables of the repository; only database.py and jobs/backups.py import it.

``change`` keeps one line an entity, its newest: writing replaces it under a new, never repeated sequence, so the
log stays as small as the repository and a reader behind by years still reads each entity once. Text of entities is
compressed JSON; ``content`` is NULL where a text was dropped for good.
"""

from __future__ import annotations

VERSION = 3

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE counter (kind TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE page (
    page_id INTEGER PRIMARY KEY AUTOINCREMENT,
    entity_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    revision_id INTEGER NOT NULL,
    redirect_to TEXT,
    owner TEXT,
    deleted INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX page_redirect ON page (redirect_to) WHERE redirect_to IS NOT NULL;
CREATE INDEX page_owner ON page (owner) WHERE owner IS NOT NULL;
CREATE TABLE revision (
    revision_id INTEGER PRIMARY KEY AUTOINCREMENT,
    page_id INTEGER NOT NULL,
    parent_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    summary TEXT NOT NULL,
    flags INTEGER NOT NULL,
    size INTEGER NOT NULL,
    content BLOB
);
CREATE INDEX revision_page ON revision (page_id, revision_id);
CREATE INDEX revision_actor ON revision (actor, revision_id);
CREATE TABLE change (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    entity_id TEXT NOT NULL UNIQUE ON CONFLICT REPLACE
);
CREATE TABLE log (
    log_id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    type TEXT NOT NULL,
    action TEXT NOT NULL,
    page_id INTEGER NOT NULL,
    entity_id TEXT NOT NULL,
    comment TEXT NOT NULL,
    bot INTEGER NOT NULL,
    revisions INTEGER NOT NULL
);
CREATE TABLE recent (
    recent_id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    revision_id INTEGER,
    log_id INTEGER
);
CREATE INDEX recent_revision ON recent (revision_id);
CREATE TABLE term (
    entity_id TEXT NOT NULL,
    type TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE INDEX term_entity ON term (entity_id);
CREATE INDEX term_folded ON term (language, folded);
CREATE INDEX term_text ON term (language, text);
CREATE TABLE link (
    target TEXT NOT NULL,
    page_id INTEGER NOT NULL,
    PRIMARY KEY (target, page_id)
) WITHOUT ROWID;
CREATE INDEX link_page ON link (page_id);
CREATE TABLE property (
    property_id TEXT PRIMARY KEY,
    datatype TEXT NOT NULL,
    formatter_url TEXT,
    formatter_uri TEXT
) WITHOUT ROWID;
"""

_MIRRORED = """(
    entity_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    page_id INTEGER NOT NULL,
    revision_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    redirect_to TEXT,
    content BLOB NOT NULL
)"""
MIRROR = f"""
CREATE TABLE IF NOT EXISTS mirror {_MIRRORED};
CREATE INDEX IF NOT EXISTS mirror_redirect ON mirror (redirect_to) WHERE redirect_to IS NOT NULL;
CREATE TABLE IF NOT EXISTS mirror_aside {_MIRRORED};
"""
"""The pages of a connected Wikibase, and those of it that wait to be put in force."""

UPGRADES = {
    1: """
UPDATE page SET owner = 'system>Import' WHERE owner = 'Import';
UPDATE page SET owner = 'system>Demo' WHERE owner = 'Demo';
""",
    2: MIRROR,
}
"""What makes a file of one version a file of the next. Version 1 had owners whose names an account could have."""
