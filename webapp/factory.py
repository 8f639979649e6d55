"""Puts the Flask application together: hooks, blueprints, template globals, and the Wikibase's own addresses.

The repository's WSGI application answers /w, /entity and /wiki/Special:EntityData itself, before Flask sees them.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined

from capx_graph.messages import load_messages
from capx_graph.resources import messages_dir
from webapp import errors
from webapp.assets import colouring
from webapp.assets import files as assets
from webapp.drawing import moments, schemaorg
from webapp.drawing import words as drawing
from webapp.members import attention, confirmation, contacting, savebutton
from webapp.needs import MESSAGES, PROGRAM, SERVICES, Services
from webapp.request import links
from webapp.request.mount import mounted
from webapp.response import headers, standing
from webapp.response.edition import edition
from webapp.response.jsonwriting import JsonWriting
from webapp.rooms import (
    analytics,
    cards,
    confirming,
    contact,
    deciding,
    drafts,
    dumps,
    events,
    examples,
    granting,
    groups,
    help,
    identifiers,
    keeping,
    leaving,
    managing,
    matches,
    me,
    ontology,
    pages,
    preferences,
    profile,
    query,
    reconcile,
    reporting,
    saving,
    search,
    searches,
    sharing,
    signin,
    sitemap,
    sparql,
    special,
    status,
    suggesting,
    translate,
    wiki,
)
from webapp.search import offered
from webapp.wiki import drawing as wikidrawing

PACKAGE = Path(__file__).resolve().parent
GRAPH_PAGES = frozenset({"search", "pages", "help", "ontology"})
"""Blueprints whose pages change only with the graph, the program and the reader: they get an ETag."""
LARGEST_FORM = 64 * 1024

PARTS = (
    attention,
    errors,
    headers,
    standing,
    assets,
    colouring,
    links,
    confirmation,
    contacting,
    drawing,
    moments,
    offered,
    savebutton,
    schemaorg,
    cards,
    wikidrawing,
)
"""What gives the application hooks and templates their words, in this order."""
ROOMS = (
    search,
    pages,
    events,
    confirming,
    contact,
    matches,
    analytics,
    ontology,
    help,
    preferences,
    wiki,
    special,
    status,
    translate,
    suggesting,
    keeping,
    signin,
    me,
    granting,
    saving,
    searches,
    leaving,
    profile,
    drafts,
    managing,
    deciding,
    sparql,
    query,
    examples,
    groups,
    sharing,
    reconcile,
    identifiers,
    sitemap,
    dumps,
    cards,
    reporting,
)
"""One blueprint a room; of two that answer one address the first does."""


def create_app(services: Services) -> Flask:
    """The web application over these services."""
    app = Flask("webapp", root_path=str(PACKAGE), static_folder=None)
    app.url_map.merge_slashes = False
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, MAX_FORM_PARTS=50)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json = JsonWriting(app)
    app.extensions.update(
        {
            SERVICES: services,
            MESSAGES: load_messages(messages_dir()),
            PROGRAM: edition(services.settings),
            "capx_graph_pages": GRAPH_PAGES,
        }
    )
    for part in PARTS:
        part.install(app)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    app.wsgi_app = mounted(app.wsgi_app, services.wiki_app)  # type: ignore[method-assign,assignment]
    return app
