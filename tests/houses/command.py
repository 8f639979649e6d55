"""The command as an operator runs it, in this process."""

from __future__ import annotations

from collections.abc import Callable

Run = Callable[..., tuple[int, str, str]]
"""Runs it with arguments; answers exit code, standard output, standard error."""
