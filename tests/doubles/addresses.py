"""Addresses of the pages over fixed services, one of each kind."""

from __future__ import annotations

PERSON = "/person/Ana%20(demo)%2Fcaf%C3%A9"
PAGES = (
    "/",
    "/search?q=x&capacity=Q201",
    "/directory",
    "/capacity/Q202",
    PERSON,
    f"{PERSON}/matches",
    "/organization/ORG001",
    "/territory/BR",
    "/event/EV0001",
    "/project/PR0001",
    "/ontology/",
    "/ontology/offers",
    "/about",
    "/help/search",
    "/help/matching",
)
