"""Events and projects: as lists to read, and as calendars to subscribe to.

A list of coming events changes with the clock as well as with the graph: a kept list lasts a minute, a calendar a day.
Addresses inside a calendar are those at the concept base, whatever host was asked.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, make_response, render_template, request, url_for

from capx_graph.errors import InvalidParameter
from capx_graph.events import MOST_IN_CALENDAR, Agenda, Wanted, When, Words, calendar
from capx_graph.messages import told
from capx_graph.model import EntityKind, Ref, SearchPage, SearchRequest
from capx_graph.profiles import EventProfile
from webapp.needs import services
from webapp.request.absolute import lasting
from webapp.request.links import entity_url, facet_value
from webapp.request.reader import reader
from webapp.response.kept import keep_answers
from webapp.search.address import SearchAddress
from webapp.search.facets import chips, facet_views
from webapp.search.parameters import Given, given, whole

blueprint = Blueprint("events", __name__)

CONDITIONS = ("capacity", "territory", "organization")
"""Facets of the search that lists and calendars take."""
_PAGE = 50
_FARTHEST = 10_000
_TYPE = "text/calendar; charset=utf-8"


def _stamp() -> str:
    """What an answer depends on besides the graph: for calendars the day, for lists the minute."""
    now = services().events.now.strftime("%Y-%m-%dT%H:%M")
    return now[:10] if request.path.endswith(".ics") else now


keep_answers(blueprint, _stamp)


@blueprint.get("/events")
def page() -> Response:
    """Coming events by month, or those that are over."""
    asked = _asked()
    when = _when()
    found = services().events.page(
        _wanted(asked), when, limit=_PAGE, offset=whole(asked, "offset", least=0, most=_FARTHEST)
    )
    beyond = services().events.beyond_calendar(_wanted(asked))
    return _drawn(
        "events/events.html", EntityKind.EVENT, asked, found=found, when=when, beyond=beyond, most=MOST_IN_CALENDAR
    )


@blueprint.get("/projects")
def projects() -> Response:
    """The projects of organizations."""
    asked = _asked()
    found = services().events.projects(
        _wanted(asked), limit=_PAGE, offset=whole(asked, "offset", least=0, most=_FARTHEST)
    )
    return _drawn("events/projects.html", EntityKind.PROJECT, asked, found=found)


@blueprint.get("/events.ics", endpoint="calendar")
def all_events() -> Response:
    """Coming and recent events, narrowed as the list is."""
    tr = reader().tr
    name = tr.text("calendar-name", tr.text("events"), services().settings.site_name)
    return _calendar(name, services().events.calendar(_wanted(_asked())), "events")


@blueprint.get("/event/<path:name>.ics", endpoint="event_calendar")
def one_event(name: str) -> Response:
    """One event, coming or past."""
    (dated,) = services().events.single(name, reader=reader().chain)
    return _calendar(dated.event.ref.label, Agenda((dated,), 1), facet_value(dated.event.ref))


@blueprint.get("/organization/<path:name>/events.ics", endpoint="organization_calendar")
def organization_events(name: str) -> Response:
    """Coming and recent events of an organization."""
    organization, events = services().events.of_organization(name, reader=reader().chain)
    title = reader().tr.text("calendar-name", reader().tr.text("events"), organization.label)
    return _calendar(title, events, f"events-{facet_value(organization)}")


def _asked() -> Given:
    asked = given(request.args.to_dict(flat=False))
    return {name: values for name, values in asked.items() if name in (*CONDITIONS, "descendants", "offset", "uselang")}


def _wanted(asked: Given) -> Wanted:
    return Wanted(
        capacities=asked.get("capacity", ()),
        territories=asked.get("territory", ()),
        organizations=asked.get("organization", ()),
        descendants=asked.get("descendants") != ("0",),
        reader=reader().chain,
    )


def _when() -> When:
    text = request.args.get("when") or When.COMING.value
    if text not in tuple(When):
        raise InvalidParameter("when", text[:40], told("mend-one-of", ", ".join(When)))
    return When(text)


def _drawn(template: str, kind: EntityKind, asked: Given, **more: object) -> Response:
    endpoint = f"events.{'page' if kind is EntityKind.EVENT else 'projects'}"
    facets = _facets(kind, asked)
    opened = request.args.get("more", "")
    views = facet_views(facets, asked, reader().tr, more=opened if opened in CONDITIONS else "")
    page = render_template(
        template,
        asked=asked,
        views=views,
        chips=chips(views, asked, reader().tr, page=endpoint),
        address=SearchAddress.of(asked, page=endpoint),
        page_size=_PAGE,
        **more,
    )
    return make_response(page)


def _facets(kind: EntityKind, asked: Given) -> SearchPage:
    """What things of this kind may be narrowed by; raises InvalidParameter."""
    wanted = SearchRequest(
        classes=(kind,),
        capacities=asked.get("capacity", ()),
        territories=asked.get("territory", ()),
        organizations=asked.get("organization", ()),
        limit=0,
        reader=reader().chain,
        facets=CONDITIONS if kind is EntityKind.EVENT else ("capacity", "organization"),
    )
    return services().search.run(wanted)


def _calendar(name: str, agenda: Agenda, file: str) -> Response:
    held = len(agenda.events)
    note = reader().tr.text("calendar-cut", held, agenda.total) if held < agenda.total else ""
    words = Words(name=name, page=_page, told=_told, note=note)
    response = make_response(calendar(agenda.events, words, services().namespaces))
    response.content_type = _TYPE
    response.headers.set("Content-Disposition", "inline", filename=f"{file}.ics")
    return response


def _page(event: EventProfile) -> str:
    """The event's own page, as others should keep its address."""
    return lasting(entity_url(event.ref) or url_for("events.page"))


def _told(event: EventProfile) -> str:
    """What a calendar says of an event besides when and where it is."""
    tr = reader().tr
    lines = [tr.text("event-cancelled")] if event.cancelled else []
    if event.description:
        lines.append(event.description.text)
    if event.organizers:
        lines.append(tr.text("event-told-organizers", _together(event.organizers)))
    if event.capacities:
        lines.append(tr.text("event-told-capacities", _together(event.capacities)))
    return "\n\n".join([*lines, *event.websites[:1], _page(event)])


def _together(refs: Iterable[Ref]) -> str:
    return str(reader().tr.listing(ref.label for ref in refs).unescape())
