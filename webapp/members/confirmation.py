"""The banner by which members are asked once a year whether what they show is still true; templates import it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from webapp.needs import accounts, services
from webapp.request.visitor import identity, is_limited


@dataclass(frozen=True, slots=True)
class Asked:
    """The question; ``hidden`` is when everything was made private, None while it is shown."""

    hidden: datetime | None = None


def confirmation() -> Asked | None:
    """What the member who is here is asked; None for visitors and programs, and when it is not time."""
    account = identity().account
    if account is None or is_limited():
        return None
    member = accounts().members.of(account)
    hidden = services().reconfirmation.hidden(member)
    if hidden is not None:
        return Asked(hidden.hidden)
    return Asked() if services().reconfirmation.asks(member) else None


def install(app: Flask) -> None:
    """Makes the question known to templates."""
    app.add_template_global(confirmation)
