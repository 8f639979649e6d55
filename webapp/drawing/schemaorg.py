"""What a page is about as schema.org data inside the page, for search engines: JSON-LD in a script element.

The element is data, nothing that browsers run, so the policy against inline scripts has nothing against it. Everything
comes from the read model that the page itself shows; identifiers are the IRIs of the entities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from flask import Flask, json, url_for
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from capx_graph.model import EntityKind, Ref
from capx_graph.namespaces import WIKIDATA
from capx_graph.profiles import (
    CapacityProfile,
    EventProfile,
    OrganizationProfile,
    PersonProfile,
    ProjectProfile,
    TerritoryProfile,
    Text,
)
from webapp.needs import services
from webapp.request.absolute import absolute
from webapp.request.links import entity_url

Json = dict[str, Any]

_TYPES = {
    EntityKind.PERSON: "Person",
    EntityKind.ORGANIZATION: "Organization",
    EntityKind.CAPACITY: "DefinedTerm",
    EntityKind.TERRITORY: "AdministrativeArea",
    EntityKind.EVENT: "Event",
    EntityKind.PROJECT: "Project",
    EntityKind.LANGUAGE: "Language",
    EntityKind.WIKIMEDIA_PROJECT: "WebSite",
}
_ATTENDANCE = {
    "virtual": "https://schema.org/OnlineEventAttendanceMode",
    "in_person": "https://schema.org/OfflineEventAttendanceMode",
    "hybrid": "https://schema.org/MixedEventAttendanceMode",
}


def _base() -> str:
    return services().namespaces.site


def structured_data(profile: object) -> Markup:
    """The element for a page's read model; nothing for a page that schema.org has no word for."""
    describe = _DESCRIPTIONS.get(type(profile))
    if describe is None:
        return Markup("")
    content = {"@context": "https://schema.org", **_without_empty(describe(profile))}
    data = htmlsafe_json_dumps(content, dumps=json.dumps, ensure_ascii=False)
    return Markup('<script type="application/ld+json">{}</script>\n').format(data)


def _thing(ref: Ref, **more: object) -> Json:
    """A thing by its IRI, with its page and what is known of it."""
    path = entity_url(ref)
    return _without_empty(
        {
            "@type": _TYPES.get(ref.kind, "Thing") if ref.kind else "Thing",
            "@id": services().namespaces.entity_iri(ref.id),
            "name": ref.label,
            "url": absolute(path, base=_base()) if path else None,
            **more,
        }
    )


def _things(refs: Iterable[Ref]) -> list[Json]:
    return [_thing(ref) for ref in refs]


def _same(ref: Ref, *addresses: str) -> list[str]:
    """Addresses of the same thing elsewhere; only real web addresses."""
    wikidata = [WIKIDATA + ref.wikidata] if ref.wikidata else []
    return [*wikidata, *(address for address in addresses if address.startswith(("http://", "https://")))]


def _web(addresses: Iterable[str]) -> str | None:
    return next((address for address in addresses if address.startswith(("http://", "https://"))), None)


def _other_names(ref: Ref, *texts: Iterable[Text]) -> list[str]:
    names = dict.fromkeys(text.text for group in texts for text in group)
    names.pop(ref.label, None)
    return list(names)


def _text(text: Text | None) -> str | None:
    return text.text if text else None


def _person(profile: PersonProfile) -> Json:
    known = [statement.capacity for statement in (*profile.knows, *profile.offers)]
    picture = profile.image and f"https://commons.wikimedia.org/wiki/Special:FilePath/{quote(profile.image)}"
    return _thing(
        profile.ref,
        name=profile.display_name or profile.username,
        alternateName=profile.username if profile.display_name not in (None, profile.username) else None,
        description=_text(profile.about[0]) if profile.about else None,
        image=picture,
        knowsAbout=_things({ref.id: ref for ref in known}.values()),
        knowsLanguage=[_thing(skill.language, alternateName=skill.language.code) for skill in profile.languages],
        homeLocation=_things(profile.territories),
        affiliation=_things(profile.affiliations),
        memberOf=_things(profile.takes_part),
        sameAs=_same(profile.ref),
    )


def _organization(profile: OrganizationProfile) -> Json:
    known = [statement.capacity for statement in (*profile.knows, *profile.offers)]
    return _thing(
        profile.ref,
        identifier=profile.ref.code,
        alternateName=_other_names(profile.ref, profile.labels),
        description=_text(profile.description),
        knowsAbout=_things({ref.id: ref for ref in known}.values()),
        location=_things(profile.territories),
        event=_things(line.event for line in profile.events),
        sameAs=_same(profile.ref, *profile.websites, *profile.meta_pages),
    )


def _capacity(profile: CapacityProfile) -> Json:
    directory = absolute(url_for("pages.directory", uselang=None), base=_base())
    return _thing(
        profile.ref,
        alternateName=_other_names(profile.ref, profile.labels, profile.aliases),
        description=_text(profile.description),
        termCode=profile.ref.code,
        inDefinedTermSet={"@type": "DefinedTermSet", "@id": directory, "url": directory},
        sameAs=_same(profile.ref),
    )


def _territory(profile: TerritoryProfile) -> Json:
    return _thing(
        profile.ref,
        identifier=profile.ref.code,
        alternateName=_other_names(profile.ref, profile.labels),
        containedInPlace=_things(profile.parents),
        containsPlace=_things(node.territory for node in profile.children),
        sameAs=_same(profile.ref),
    )


def _event(profile: EventProfile) -> Json:
    mode = profile.location_type.code if profile.location_type else None
    places: list[Json] = _things(profile.territories)
    if profile.venue:
        places.insert(0, {"@type": "Place", "name": profile.venue})
    if mode in ("virtual", "hybrid"):
        places.append({"@type": "VirtualLocation", "url": _web(profile.websites) or _thing(profile.ref).get("url")})
    return _thing(
        profile.ref,
        description=_text(profile.description),
        startDate=profile.begin,
        endDate=profile.end,
        eventStatus="https://schema.org/EventCancelled" if profile.cancelled else None,
        eventAttendanceMode=_ATTENDANCE.get(mode or ""),
        location=places,
        organizer=_things(profile.organizers),
        about=_things(profile.capacities),
        sameAs=_same(profile.ref, *profile.websites),
    )


def _project(profile: ProjectProfile) -> Json:
    return _thing(
        profile.ref,
        description=_text(profile.description),
        member=_things(profile.partners),
        knowsAbout=_things(profile.capacities),
        sameAs=_same(profile.ref, *profile.websites),
    )


_DESCRIPTIONS: dict[type, Callable[[Any], Json]] = {
    PersonProfile: _person,
    OrganizationProfile: _organization,
    CapacityProfile: _capacity,
    TerritoryProfile: _territory,
    EventProfile: _event,
    ProjectProfile: _project,
}


def _without_empty(content: Json) -> Json:
    return {key: value for key, value in content.items() if value not in (None, "", [])}


def install(app: Flask) -> None:
    """Makes the element known to templates."""
    app.add_template_global(structured_data)
