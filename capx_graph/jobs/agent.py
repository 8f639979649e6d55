"""How a command calls itself to a wiki elsewhere; the jobs that ask one import it."""

from __future__ import annotations

from capx_graph.errors import InvalidSetting
from capx_graph.settings import Settings


def reachable_agent(settings: Settings) -> str:
    """The User-Agent, with somebody who can be written to; raises InvalidSetting where nobody is named."""
    if not settings.contact:
        raise InvalidSetting("CAPX_CONTACT='': a wiki must be able to reach you; give an address or a page")
    return settings.user_agent()
