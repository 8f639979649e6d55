"""A running service: what it opens, what is built over that, and what the doors get of it; they import from here."""

from __future__ import annotations

from capx_graph.services.services import Services
from capx_graph.services.wiring import open_services

__all__ = ["Services", "open_services"]
