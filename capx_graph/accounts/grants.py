"""What a bot password or a consumer may be allowed: MediaWiki's grants, as bundles of rights.

Rooms above import it from the package. The names of the rights are those that the repository asks for.
"""

from __future__ import annotations

from collections.abc import Iterable

from capx_graph.errors import InvalidInput

GRANTS = {
    "basic": frozenset({"autoconfirmed"}),
    "editpage": frozenset({"edit", "item-term", "property-term", "item-merge", "item-redirect"}),
    "createeditmovepage": frozenset({"edit", "createpage", "property-create", "item-term", "property-term"}),
    "delete": frozenset({"delete", "undelete", "deletedhistory"}),
    "highvolume": frozenset({"bot", "apihighlimits", "noratelimit"}),
}


def rights_of(grants: Iterable[str]) -> frozenset[str] | None:
    """The rights of some grants; no grant at all sets no limit. Raises InvalidInput."""
    wanted = list(grants)
    unknown = [name for name in wanted if name not in GRANTS]
    if unknown:
        raise InvalidInput(f"there is no grant {unknown[0]!r}; the grants are {', '.join(GRANTS)}")
    if not wanted:
        return None
    return frozenset[str]().union(*(GRANTS[name] for name in wanted))
