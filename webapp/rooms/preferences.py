"""The reader's own choices, kept in three cookies: the language of the pages, light or dark, the time zone.

A plain form, so that it works without JavaScript; it changes nothing but the reader's own cookies, and leads back
to a page of this site only.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from capx_graph import languages, zones
from capx_graph.errors import InvalidParameter
from capx_graph.messages import told
from webapp.request.links import local_path
from webapp.request.reader import APPEARANCE_COOKIE, APPEARANCES, LANGUAGE_COOKIE, ZONE_COOKIE
from webapp.response.headers import led_to

blueprint = Blueprint("preferences", __name__)
_A_YEAR = 365 * 24 * 3600


@blueprint.post("/preferences")
def choose() -> Response:
    """Keeps the choice and leads back."""
    response = led_to(local_path(request.form.get("return")))
    language = request.form.get("language")
    appearance = request.form.get("appearance")
    if language is not None:
        if not languages.is_known(language):
            raise InvalidParameter("language", language[:40], told("mend-code"))
        _keep(response, LANGUAGE_COOKIE, language)
    if appearance is not None:
        if appearance not in APPEARANCES:
            raise InvalidParameter("appearance", appearance[:40], told("mend-one-of", ", ".join(APPEARANCES)))
        _keep(response, APPEARANCE_COOKIE, appearance)
    zone = request.form.get("zone")
    if zone is not None:
        if zone and not zones.is_zone(zone):
            raise InvalidParameter("zone", zone[:40], told("mend-zone", zone[:40]))
        _keep(response, ZONE_COOKIE, zone)
    return response


def _keep(response: Response, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_A_YEAR,
        path=request.script_root or "/",
        samesite="Lax",
        secure=request.is_secure,
        httponly=True,
    )
