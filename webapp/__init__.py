"""The web pages and the JSON of the search: ``create_app(services)`` and one blueprint a room.

Nothing below imports this package but ``capx_graph.serve`` and the command line, which hand in the services. Handlers
parse, make one use-case call and render; there is no SPARQL, no RDF term and no choice of backend in here.
"""

from __future__ import annotations

from webapp.factory import create_app

__all__ = ["create_app"]
