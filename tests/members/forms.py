"""Forms of a member's pages, as a browser without scripts reads and sends them."""

from __future__ import annotations

import re
from html import unescape

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.houses.directory import House


def fields(text: str) -> MultiDict[str, str]:
    """What a browser would send of the form of the profile, without any button."""
    form = text[text.index('action="/me/edit"') : text.rindex("</form>")]
    found: MultiDict[str, str] = MultiDict()
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if attributes.get("type") != "checkbox" or " checked" in tag:
            found.add(attributes["name"], unescape(attributes["value"]))
    for name, inner in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', inner) or re.findall(r'<option value="([^"]*)"', inner)
        found.add(name, chosen[0])
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found.add(name, unescape(inner))
    return found


def send(home: House, form: MultiDict[str, str], **more: str) -> TestResponse:
    for name, value in more.items():
        form[name.replace("__", ".")] = value
    return home.client.post("/me/edit", data=form)


def opened(home: House) -> MultiDict[str, str]:
    return fields(home.client.get("/me/edit").text)
