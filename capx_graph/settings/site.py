"""The settings of the site itself: its files, its address, its server, its clock."""

from __future__ import annotations

from capx_graph.settings.setting import Setting

DEFAULT_BASE = "http://127.0.0.1:8000"

SITE: tuple[Setting, ...] = (
    Setting("data", "data", "Durable files: the repository and the private store."),
    Setting("cache", "", "Disposable files: graph, indexes, snapshots; empty means cache/ in the data directory."),
    Setting(
        "tombstones",
        "",
        "A file that keeps, as keyed hashes, who was erased; it lies outside what a back-up of the data directory "
        "restores; empty means beside the data directory, with its name and .tombstones.",
    ),
    Setting(
        "journal",
        "auto",
        "How the durable SQLite files are written: wal, rollback, or auto, which takes rollback on file systems of a "
        "network (NFS).",
    ),
    Setting(
        "prefix",
        "",
        "The path below which the service lies on its host, such as /capx, where a web server passes it on unchanged.",
    ),
    Setting("config", "", "A TOML file of settings; empty means capx.toml in the data directory."),
    Setting(
        "base",
        "",
        "The address under which entities have their IRIs, without a trailing slash; fixed when the data directory "
        "is made; empty means http://127.0.0.1:8000 for a new directory, the kept one afterwards.",
    ),
    Setting("host", "127.0.0.1", "The address that capx serve listens on."),
    Setting("port", "8000", "The port that capx serve listens on."),
    Setting(
        "hosts",
        "",
        "Hosts at which the site is reached besides that of the base, such as www.example.org, separated by commas: "
        "site maps and manifests name the host that was asked, where it is one of these.",
    ),
    Setting(
        "proxy",
        "",
        "The address of the web server in front of this one, such as 127.0.0.1: what it says of the client in "
        "X-Forwarded-For and X-Forwarded-Proto is believed, so that limits count clients; empty: there is none.",
    ),
    Setting("dump_hour", "3", "The hour (UTC, 0 to 23) at which capx serve publishes dumps, or never."),
    Setting("threads", "16", "Threads that answer requests; queries at /sparql leave two of them to pages."),
    Setting("site_name", "capx-graph", "The name of the site, shown on its pages and by the Action API."),
    Setting("source", "", "The address of the source of this program, linked from every page (AGPL, section 13)."),
    Setting("languages", "en", "Interface languages to fall back to, best first, separated by commas."),
    Setting("mul", "no", "Whether 'mul' (all languages) may be the language of a label: yes or no."),
    Setting(
        "edits_per_minute",
        "90",
        "How many edits a minute an account may make over HTTP that is neither bot nor sysop; 0 means any number.",
    ),
    Setting("now", "", "Fixes the clock at this instant, such as 2026-06-01T00:00:00Z, for reproducible runs."),
    Setting("checkup_hours", "24", "How often capx serve checks all records against the shapes; 0 means never."),
    Setting(
        "smallest_cell",
        "5",
        "The smallest number of people that analytics show where it could point to somebody; 0 or 1 shows all.",
    ),
    Setting(
        "draft_days",
        "730",
        "After how many days drafts of profiles that nobody came for are deleted; 0 keeps them.",
    ),
    Setting("lag", "60", "Seconds that the data may be behind what it follows before /status and capx status say so."),
    Setting("contact", "", "An address or page put into the User-Agent of outgoing requests."),
)
