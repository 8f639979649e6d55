"""What README.md names is there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from capx_graph.cli.entry import capx

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `capx ([^`]+)` \|", README, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(?:\.venv/bin/)?capx ([a-z][^`]*)`", README)))


def _command(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that words name, and the words that are left for it."""
    command: click.Command = capx
    while isinstance(command, click.Group) and words:
        name, *words = words
        assert name in command.commands, f"there is no command {name}"
        command = command.commands[name]
    return command, words


def test_the_table_of_commands_is_found() -> None:
    assert len(ROWS) >= 10
    assert set(ROWS) <= set(NAMED)


@pytest.mark.parametrize("named", NAMED)
def test_every_command_that_the_readme_names_is_there_with_its_options(named: str) -> None:
    first, *rest = named.replace("\\|", "|").replace("[", " ").replace("]", " ").split()
    group = capx.commands.get(first)
    choices = rest.pop(0).split("|") if isinstance(group, click.Group) and rest else [""]
    for choice in choices:
        command, _ = _command([first, choice] if choice else [first])
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options
