"""How often somebody may try a password: by client and name, by client, and by name wherever it is tried from.

Every door that takes a password asks here, so that the one of the API is no way around that of the pages. An attempt
counts before it is checked, so that many at once count too; one that succeeds is given back. Strangers who try a name
from few addresses do not lock out its owner.
"""

from __future__ import annotations

from capx_graph.accounts.names import first_upper
from capx_graph.pace import Pace

SECONDS = 600
"""The time over which attempts count."""
_BY_CLIENT_AND_NAME, _BY_CLIENT, _BY_NAME = 15, 30, 150
_LONGEST = 100


class Attempts:
    """The attempts of one installation; counted in this process."""

    def __init__(self) -> None:
        self._client = Pace(most=_BY_CLIENT, seconds=SECONDS)
        self._both = Pace(most=_BY_CLIENT_AND_NAME, seconds=SECONDS)
        self._name = Pace(most=_BY_NAME, seconds=SECONDS)

    def admits(self, client: str, login: str) -> bool:
        """Whether this client may try a password of this name, or bot password of it, once more; counts it."""
        name = _counted(login)
        return self._client.admits(client) and self._both.admits(f"{client} {name}") and self._name.admits(name)

    def succeeded(self, client: str, login: str) -> None:
        """Gives back an attempt that was right."""
        name = _counted(login)
        self._client.give_back(client)
        self._both.give_back(f"{client} {name}")
        self._name.give_back(name)


def _counted(login: str) -> str:
    """One key for all ways to write a name."""
    return first_upper(login.partition("@")[0])[:_LONGEST].casefold()
