"""The version of what a member agrees to, as the record of their consent names it."""

from __future__ import annotations

from flask import request

from capx_graph.messages import KEYS
from webapp.needs import services
from webapp.request.reader import reader

CONSENT = "2026-12"
"""The version of the wordings of the consent, here or elsewhere; raise it with every change of their meaning."""


def agreed() -> bool:
    """Whether the form says yes to words that were shown; nobody agrees to keys of messages (``uselang=qqx``)."""
    return request.form.get("agreed") == "1" and is_in_words()


def is_in_words() -> bool:
    """Whether the page that asks speaks a language."""
    return reader().code != KEYS


def wording() -> str:
    """Which wording of the consent this site shows."""
    there = services().membership.own.there
    return there.wording(CONSENT) if there else CONSENT
