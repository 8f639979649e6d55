"""README.md and the pages of deploy/ as tests read them: blocks, the commands in them, a shell that executes those."""

from __future__ import annotations

import re
import shlex
import subprocess
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner

from capx_graph.cli.entry import capx
from capx_graph.settings import SETTINGS
from tests import CHECKOUT

DOCUMENTS = (
    CHECKOUT / "README.md",
    CHECKOUT / "CONTRIBUTING.md",
    *sorted((CHECKOUT / "deploy").glob("*.md")),
)
CAPX = ".venv/bin/capx"
VARIABLES = {setting.variable for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: where it stands, its language and its text."""

    document: Path
    heading: str
    number: int
    language: str
    text: str

    @property
    def name(self) -> str:
        """Such as ``README.md two-commands 1``: the file, the heading's anchor, which block under it."""
        return f"{self.document.relative_to(CHECKOUT).as_posix()} {self.heading} {self.number}"


def anchor(heading: str) -> str:
    """The anchor that code hosts give to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(document: Path) -> set[str]:
    """The anchors of a page."""
    lines = re.sub(r"^( *)```.*?^\1```$", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", lines, re.MULTILINE)}


def blocks(language: str) -> Iterator[Block]:
    """The blocks in a language, of all documents."""
    for document in DOCUMENTS:
        heading, numbers = "", dict[str, int]()
        pattern = re.compile(
            r"^#+ (?P<heading>[^\n]+)$|^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$",
            re.MULTILINE | re.DOTALL,
        )
        for found in pattern.finditer(document.read_text(encoding="utf-8")):
            if found["heading"]:
                heading = anchor(found["heading"])
            elif found["language"] == language:
                number = numbers[heading] = numbers.get(heading, 0) + 1
                yield Block(document, heading, number, language, textwrap.dedent(found["text"]))


def commands(text: str) -> Iterator[list[str]]:
    """The commands of a shell block, each as its words; a quoted text or a backslash goes on in the next line."""
    waiting = ""
    for line in text.splitlines():
        waiting += line.removesuffix("\\") + ("" if line.endswith("\\") else "\n")
        if line.endswith("\\"):
            continue
        try:
            words = shlex.split(waiting, comments=True)
        except ValueError:
            continue
        waiting = ""
        if words:
            yield words
    assert not waiting.strip(), f"a command has no end: {waiting}"


@dataclass
class Terminal:
    """A shell with only what the documents use of one: assignments, ``export``, ``capx`` and ``curl``.

    ``swaps`` puts addresses and folders of the test in the place of the examples'.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    swaps: dict[str, str] = field(default_factory=dict)
    runner: CliRunner = field(default_factory=CliRunner)

    def execute(self, block: Block) -> list[str]:
        """What each command prints; one that fails is a failure of the test."""
        return [self.run(self.swapped(words)) for words in commands(block.text)]

    def swapped(self, words: list[str]) -> list[str]:
        for example, ours in self.swaps.items():
            words = [re.sub(rf"(?<!\w){re.escape(example)}(?!\w)", lambda _, o=ours: o, word) for word in words]
        return words

    def run(self, words: list[str]) -> str:
        given, words = assignments(words)
        match words:
            case ["export", *rest]:
                self.environment |= assignments(rest)[0]
                return ""
            case [program, *arguments] if program == CAPX:
                return self.capx(arguments, self.environment | given)
            case ["curl", *_]:
                done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
                return done.stdout
        raise AssertionError(f"nobody here executes {' '.join(words)}")

    def capx(self, arguments: list[str], environment: dict[str, str]) -> str:
        password = "correct horse battery\n" * 2
        result = self.runner.invoke(
            capx, arguments, env=environment, input=password, standalone_mode=False, catch_exceptions=False
        )
        assert result.return_value in (None, 0), f"{arguments}: {result.output}"
        return result.output


def assignments(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """The assignments at the beginning of a command, and the rest of it."""
    count = next((i for i, word in enumerate(words) if not re.match(r"[A-Z0-9_]+=", word)), len(words))
    given = dict(word.split("=", maxsplit=1) for word in words[:count])
    assert given.keys() <= VARIABLES
    return given, words[count:]
