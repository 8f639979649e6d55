"""The version of what a member agrees to, as the record of their consent names it."""

from __future__ import annotations

from webapp.needs import services

CONSENT = "2026-12"
"""The version of the wordings of the consent, here or elsewhere; raise it with every change of their meaning."""


def wording() -> str:
    """Which wording of the consent this site shows."""
    there = services().membership.own.there
    return there.wording(CONSENT) if there else CONSENT
