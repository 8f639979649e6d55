"""Text that is not understood as a value of the wanted kind; the parsers of the repository import it."""

from __future__ import annotations

from capx_graph.errors import InvalidInput


class ParseFailure(InvalidInput):
    """``expected`` names the notation that was expected."""

    def __init__(self, text: str, value: str, expected: str) -> None:
        super().__init__(text)
        self.value = value
        self.expected = expected
