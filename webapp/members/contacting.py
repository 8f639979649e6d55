"""Whether a person or an organization can be contacted from their page, and where the link leads.

Templates and the room of contacts import it. A page says no more than the link that follows from a member's choice; it
goes with the choice at once, because what browsers keep of the page is marked with the choices.
"""

from __future__ import annotations

from flask import Flask

from capx_graph.membership import Contact, contact_of, contact_of_organization
from capx_graph.profiles import OrganizationProfile, PersonProfile
from webapp.needs import accounts, services
from webapp.request.reader import reader

_ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069"))


def contact_with(profile: PersonProfile) -> Contact | None:
    """The channel of the member whose page this is; None for records that are no member's, and who chose none."""
    member = accounts().members.named(profile.username)
    if member is None or member.item != profile.ref.id:
        return None
    chosen = accounts().contacts.of(member.id)
    return contact_of(member, chosen, index=services().settings.channels.index, subject=_subject())


def organization_contact(profile: OrganizationProfile) -> str | None:
    """Where an organization is written to."""
    return contact_of_organization(profile, subject=_subject())


def _subject() -> str:
    return unmarked(reader().tr.text("contact-subject", services().settings.site_name))


def unmarked(text: str) -> str:
    """Text that leaves this site, without the marks that keep directions of writing apart on our pages."""
    return text.translate(_ISOLATES)


def _stamp() -> str:
    return accounts().contacts.stamp


def install(app: Flask) -> None:
    """Makes the links known to templates, and pages of people depend on the choices."""
    app.add_template_global(contact_with)
    app.add_template_global(organization_contact)
    app.extensions["capx_page_stamps"] = {"pages.person": _stamp}
