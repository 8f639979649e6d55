"""What README.md and the pages of deploy/ name is there: commands with their options, and every room of the house."""

from __future__ import annotations

import re

import click
import pytest

from capx_graph.cli.entry import capx
from tests.houses.documents import CHECKOUT, DOCUMENTS

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
TEXT = "\n".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
ROWS = re.findall(r"^\| (`capx .+?`) \|", TEXT, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(?:\.venv/bin/)?capx ([a-z][^`]*)`", TEXT)))


def _command(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that words name, and the words that are left for it."""
    command: click.Command = capx
    while isinstance(command, click.Group) and words:
        name, *words = words
        assert name in command.commands, f"there is no command {name}"
        command = command.commands[name]
    return command, words


def test_the_table_of_commands_has_all_of_them() -> None:
    assert {name for row in ROWS for name in re.findall(r"`capx ([a-z-]+)", row)} == set(capx.commands)


@pytest.mark.parametrize("named", NAMED)
def test_every_command_that_the_readme_names_is_there_with_its_options(named: str) -> None:
    first, *rest = named.replace("\\|", "|").replace("[", " ").replace("]", " ").split()
    group = capx.commands.get(first)
    choices = rest.pop(0).split("|") if isinstance(group, click.Group) and rest else [""]
    for choice in choices:
        command, _ = _command([first, choice] if choice else [first])
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options
