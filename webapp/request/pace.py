"""How often a client may do a thing, kept for each application: rooms that anybody can load with work import it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app
from flask.blueprints import BlueprintSetupState

from capx_graph.pace import Pace


def paced(blueprint: Blueprint, what: str, *, most: int, seconds: float) -> Callable[[], Pace]:
    """The pace of what a room does, found in a request by calling what this returns; each application has its own."""
    place = f"capx_pace_{blueprint.name}_{what}"

    @blueprint.record_once
    def begin(state: BlueprintSetupState) -> None:
        state.app.extensions[place] = Pace(most=most, seconds=seconds)

    def pace() -> Pace:
        found: Pace = current_app.extensions[place]
        return found

    return pace
