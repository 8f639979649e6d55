"""The table of all modules of the API.

Only the repository's wsgi.py imports it.
"""

from __future__ import annotations

from capx_graph.repository.api import (
    claimparts,
    claims,
    compare,
    entityedits,
    entityreads,
    itemmodules,
    pages,
    paraminfo,
    query,
    searchmodule,
    sessions,
    termmodules,
    toolmodules,
    valueformats,
    valueparses,
)
from capx_graph.repository.api.call import Modules

MODULES: Modules = {
    **claimparts.MODULES,
    **claims.MODULES,
    **compare.MODULES,
    **entityedits.MODULES,
    **entityreads.MODULES,
    **itemmodules.MODULES,
    **pages.MODULES,
    **query.MODULES,
    **searchmodule.MODULES,
    **sessions.MODULES,
    **termmodules.MODULES,
    **toolmodules.MODULES,
    **valueformats.MODULES,
    **valueparses.MODULES,
    **paraminfo.modules(lambda: MODULES),
}
