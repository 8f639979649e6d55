"""What a setting is: a name, a default, a sentence; and the tables of settings hold these."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "CAPX_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its lower-case name, the text of its default, one sentence of help."""

    name: str
    default: str
    help: str
    secret: bool = False

    @property
    def variable(self) -> str:
        """The name of its environment variable."""
        return PREFIX + self.name.upper()
