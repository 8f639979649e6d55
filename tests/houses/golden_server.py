"""An empty repository for compatibility tests, and to try tools of others against: ``make golden-server PORT=8181``.

The command runs in the foreground, in a temporary folder that goes when it ends. Whatever its port, it calls itself
``http://127.0.0.1:8181`` and has the accounts, site name and formatter properties of the recorded reference, so that
recordings can be replayed against it as they are.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import waitress

from capx_graph.accounts import Accounts
from capx_graph.ontology import load_instance
from capx_graph.repository.store import Repository, RepositorySettings
from capx_graph.repository.wsgi import WikiApp

BASE = "http://127.0.0.1:8181"
SITE_NAME = "RealWikibase"


def build(directory: Path) -> WikiApp:
    """The app on an empty repository in the directory."""
    instance = load_instance("embedded")
    settings = RepositorySettings(
        site_name=SITE_NAME,
        formatter_url=instance.property_id("formatterUrl"),
        formatter_uri=instance.property_id("formatterUri"),
    )
    # These passwords are published with the recordings.
    accounts = Accounts(directory)
    accounts.add("WikiBot", "WikiBotPass123456", groups=("bot", "sysop"))
    accounts.add_bot_password("WikiBot", "wbi", password="0123456789abcdef" * 2)
    accounts.add("Admin", "AdminPass123456", groups=("sysop",))
    accounts.add("Editor", "EditorPass123456")
    return WikiApp(Repository.open(directory, base=BASE, settings=settings), accounts)


def main() -> None:
    """Serves until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8181)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="capx-golden-") as directory:
        app = build(Path(directory))
        waitress.serve(app, host=asked.host, port=asked.port, threads=4, ident=None)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
