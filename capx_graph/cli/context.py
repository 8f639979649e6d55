"""What every command shares: the settings of this run, and how a failure is told."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from capx_graph import settings as setting_list
from capx_graph.errors import InvalidInput
from capx_graph.settings import Settings

FAILED = 1


@dataclass(frozen=True, slots=True)
class Context:
    """The options before the command; settings are read when a command first needs them."""

    data: str | None

    def setting_texts(self) -> dict[str, str]:
        """Every setting as text, checked."""
        self.settings()
        return setting_list.texts(os.environ, data=self.data)

    def settings(self, **overrides: str | None) -> Settings:
        """The settings of environment, file and command line; raises InvalidSetting."""
        given = {setting_list.PREFIX + name.upper(): value for name, value in overrides.items() if value is not None}
        return setting_list.load({**os.environ, **given}, data=self.data)


def tell(message: str) -> None:
    """A line on standard error: progress and outcome, so that standard output holds data only."""
    click.echo(message, err=True)


def tell_json(content: object) -> None:
    """An answer as JSON on standard output, for programs and for eyes."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


def text_of(file: Path) -> str:
    """What somebody wrote into a file, with or without a mark of byte order; raises InvalidInput for no UTF-8 text."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is not UTF-8 text: {error}") from error


def progress_wanted() -> bool:
    """Whether a progress bar would be seen by a person."""
    return sys.stderr.isatty()
