"""The table of all modules of the API.

Only the repository's wsgi.py imports it.
"""

from __future__ import annotations

from capx_graph.repository.api import (
    claimparts,
    claims,
    entityedits,
    entityreads,
    itemmodules,
    pages,
    query,
    searchmodule,
    sessions,
    termmodules,
    valueformats,
    valueparses,
)
from capx_graph.repository.api.call import Modules

MODULES: Modules = {
    **claimparts.MODULES,
    **claims.MODULES,
    **entityedits.MODULES,
    **entityreads.MODULES,
    **itemmodules.MODULES,
    **pages.MODULES,
    **query.MODULES,
    **searchmodule.MODULES,
    **sessions.MODULES,
    **termmodules.MODULES,
    **valueformats.MODULES,
    **valueparses.MODULES,
}
