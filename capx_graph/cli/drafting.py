"""Files of other services, and the drafts that are made of them; ``capx import`` calls it, ``capx drafts`` is here.

Nothing here says a name: what is told counts, and what is refused lies in a file that its owner alone can read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path

import click

from capx_graph.accounts import Keeping
from capx_graph.cli.context import FAILED, Context, tell
from capx_graph.importers.outside import Form, read_files
from capx_graph.importers.rejects import RejectsFile
from capx_graph.importers.sources import BenchDirectory
from capx_graph.opening import Importing, open_accounts, open_importing, open_outside
from capx_graph.settings import Settings

_LISTS = frozenset({Form.LANGUAGES, Form.TERRITORIES, Form.PROJECTS, Form.ORGANIZATIONS})


def import_files(
    settings: Settings, paths: Sequence[Path], rejects: Path, *, bring: Callable[[Importing], None]
) -> int:
    """Takes files in; ``bring`` takes what they say of the directory into the graph."""
    listings = read_files(paths)
    for listing in listings:
        tell(f"{listing.file}: {listing.form}, {len(listing.records)} records")
    with open_importing(settings) as importing:
        with open_outside(importing) as outside, RejectsFile(rejects) as refused:
            report = outside.run(listings, refused)
        if report.items:
            bring(importing)
    if report.items:
        tell(", ".join(f"{report.items[what]} {what}" for what in ("created", "completed", "unchanged")))
    told = {listing.form for listing in listings}
    if Form.BADGES_TAB in told and Form.USERS_TAB not in told:
        tell("badges.tab names the badges of users.tab: import both in one command")
    if Form.PEOPLE in told and not told >= _LISTS:
        missing = ", ".join(sorted(form.split(" of ")[0] for form in _LISTS - told))
        tell(
            f"people name things by number; without the lists of {missing} these mean nothing yet: import them together"
        )
    return _told(report.drafts, refused)


def import_real_people(importing: Importing, source: BenchDirectory, rejects: Path) -> int:
    """Keeps the people of a data set whom nobody made up as drafts."""
    lines = source.real_people()
    first = next(lines, None)
    if first is None:
        return 0
    with open_outside(importing) as outside, RejectsFile(rejects) as refused:
        keeping = outside.run_people(chain([first], lines), refused)
    return _told(keeping, refused)


def _told(keeping: Keeping, refused: RejectsFile) -> int:
    if keeping.counts:
        parts = [f"{keeping[what]} {what}" for what in ("new", "changed", "unchanged")]
        left = f"; {keeping['settled']} whose owners have dealt with them" if keeping["settled"] else ""
        tell(f"drafts of profiles: {', '.join(parts)}{left}")
    if refused.first is None:
        return 0
    problem = refused.first.problems[0]
    tell(
        f"capx: {refused.count} records were refused, see {refused.path}; the first: "
        f"{refused.first.where}: {problem.field}: {problem.rule}"
    )
    return FAILED


@click.group()
def drafts() -> None:
    """What other services' files say of people, waiting for them."""


@drafts.command("list")
@click.pass_obj
def list_(context: Context) -> None:
    """Count the drafts of each source: open, used, dismissed."""
    with open_accounts(context.settings()) as accounts:
        click.echo("\n".join(_lines(accounts.drafts.counts().items())))


def _lines(counts: Iterable[tuple[str, object]]) -> Iterable[str]:
    for source, found in counts:
        assert isinstance(found, dict)
        yield f"{source}: " + ", ".join(f"{number} {outcome}" for outcome, number in found.items())


@drafts.command()
@click.argument("source")
@click.pass_obj
def remove(context: Context, source: str) -> None:
    """Remove every open draft of SOURCE, as 'capx drafts list' names it."""
    with open_accounts(context.settings()) as accounts:
        tell(f"removed {accounts.drafts.remove(source)} drafts")


COMMANDS = (drafts,)
