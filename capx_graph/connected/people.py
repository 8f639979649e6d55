"""Whether people's items go to the connected Wikibase, as the operator says; the wiring asks, before anybody is served.

Given out by the package. What people's items are made of must be there: a statement there cannot name a property here.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from capx_graph.connected.wiring import credentials_of
from capx_graph.errors import InvalidSetting
from capx_graph.membership import PROPERTIES, PeopleThere
from capx_graph.namespaces import OWN_IDS
from capx_graph.ontology import Instance
from capx_graph.settings import Settings

_QUALIFIERS = ("level", "format", "availability", "evidence", "evidencePage")


def people_there(settings: Settings, instance: Instance) -> PeopleThere | None:
    """Where people's items go, None for here; raises InvalidSetting where they cannot go where they should."""
    if settings.wikibase is None or not settings.writing.people_upstream:
        return None
    host = urlsplit(settings.wikibase.url).netloc
    if not instance.takes_people:
        raise InvalidSetting(f"CAPX_PEOPLE=upstream: {host} takes no people, says its file in ontology/instances")
    needed = ("instanceOf", "username", *(name for names in PROPERTIES.values() for name in names), *_QUALIFIERS)
    lacking = [name for name in needed if int(instance.property_id(name)[1:]) > OWN_IDS]
    lacking += [name for name in ("Person",) if int(instance.item_id(name)[1:]) > OWN_IDS]
    if lacking:
        raise InvalidSetting(
            f"CAPX_PEOPLE=upstream: {host} lacks {', '.join(sorted(set(lacking)))}; 'capx provision' makes them there"
        )
    if not credentials_of(settings).given and settings.grants is None:
        raise InvalidSetting(
            f"CAPX_PEOPLE=upstream: nobody edits {host}; give CAPX_WIKIBASE_USER with CAPX_WIKIBASE_PASSWORD, "
            "CAPX_WIKIBASE_TOKEN or CAPX_WIKIBASE_OAUTH1, or let members do so (CAPX_GRANTS)"
        )
    accounts = urlsplit(settings.grants.url).netloc.lower() if settings.grants is not None else host
    return PeopleThere(host, accounts)
