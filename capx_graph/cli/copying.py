"""``capx push`` and ``capx pull``: the directory copied to another Wikibase, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
from tqdm import tqdm

from capx_graph.cli.context import Context, progress_wanted, tell, tell_json
from capx_graph.cli.handing import FOR_A_PERSON, FORM, INSTANCE, SIGN_IN, WIKI, YES, confirmed, plain
from capx_graph.handover.planning import Kind, Plan, Step
from capx_graph.jobs.handing import There, pull_of, push_of, reading, sides_of, writing

_PARTS_SHOWN = 6
_NAMED = 12


def _with_a_wiki(command: Callable[..., int]) -> Callable[..., int]:
    """What both commands are told: which wiki, by which ids, as whom to read, and what to do with the plan."""
    return WIKI(SIGN_IN(INSTANCE(YES(FORM(click.pass_obj(command))))))


@click.command()
@_with_a_wiki
def push(context: Context, address: str, instance: str, *, sign_in: bool, yes: bool, as_json: bool) -> int:
    """Copy the directory to another Wikibase: a plan first; --yes carries it out. Exit code 3: some things wait."""
    settings = context.settings()
    with reading(settings, address, instance, sign_in=sign_in) as there, sides_of(settings, there) as sides:
        run = push_of(there, sides)
        plan = run.plan()
        _show(plan, as_json=as_json)
        erased = len(sides.pairing.remaining())
        if erased:
            tell(f"{erased} items there stand for people who were erased here: their deletion is asked for")
        if not _wanted(plan, f"Write to {there.reader.host}?", yes=yes, more=bool(erased)):
            return _left(plan)
        with writing(settings, there.api) as writer, _progress(plan) as told:
            remaining = run.ask_deletion(writer)
            edits = run.carry_out(plan, writer, told=told)
    if remaining:
        tell(f"emptied, but only an administrator there can delete them with their histories: {', '.join(remaining)}")
    return _done(plan, f"{edits} edits", there)


@click.command()
@_with_a_wiki
def pull(context: Context, address: str, instance: str, *, sign_in: bool, yes: bool, as_json: bool) -> int:
    """Bring here what is new or newer in another Wikibase: a plan first; --yes carries it out."""
    settings = context.settings()
    with reading(settings, address, instance, sign_in=sign_in) as there, sides_of(settings, there) as sides:
        run = pull_of(settings, sides)
        plan = run.plan()
        _show(plan, as_json=as_json)
        if not _wanted(plan, "Write it here?", yes=yes):
            return _left(plan)
        with _progress(plan) as told:
            written = run.carry_out(plan, told=told)
    return _done(plan, f"{written} items written", there)


def _wanted(plan: Plan, question: str, *, yes: bool, more: bool = False) -> bool:
    if plan.nothing_to_do and not plan.notes and not more:
        tell("nothing to do")
        return False
    if yes or confirmed(question):
        return True
    tell("nothing was done; --yes carries the plan out")
    return False


def _left(plan: Plan) -> int:
    return FOR_A_PERSON if plan.of(Kind.CONFLICT) else 0


def _done(plan: Plan, what: str, there: There) -> int:
    waiting = plan.of(Kind.CONFLICT)
    tell(f"done: {what}; {len(waiting)} items wait for a person")
    for step in waiting[:20]:
        tell(f"  {step.here or step.there} {plain(step.label)}: {plain(step.why)}")
    if there.instance is not None and (kept := sorted(there.instance.kept_in_directory)):
        tell(f"{there.instance.label} has no {', '.join(kept)}: the directory here keeps them")
    return _left(plan)


def _show(plan: Plan, *, as_json: bool) -> None:
    """The plan: counts, and every item that is made, changed, or waits for a person."""
    shown = plan.of(Kind.CREATE, Kind.CHANGE, Kind.CONFLICT)
    if as_json:
        rows = [asdict(step) | {"kind": step.kind.value} for step in shown]
        tell_json({"counts": plan.counts(), "steps": rows})
    else:
        for step in shown:
            parts = " ".join(
                step.conflicts[:_PARTS_SHOWN] if step.kind is Kind.CONFLICT else step.changes[:_PARTS_SHOWN]
            )
            click.echo("\t".join((step.kind.value, step.here, step.there, plain(step.label), parts, plain(step.why))))
    left_out = sorted({name for step in plan.steps for name in step.left_out})
    tell(", ".join(f"{name}: {count}" for name, count in plan.counts().items()))
    if left_out:
        more = " ..." if len(left_out) > _NAMED else ""
        tell(f"left out, because they have no pair: {', '.join(left_out[:_NAMED])}{more}")


@contextmanager
def _progress(plan: Plan) -> Iterator[Callable[[Step], None]]:
    """A bar where a person sees it."""
    total = sum(1 for step in plan.steps if step.kind is Kind.CREATE or step.changes)
    with tqdm(total=total, unit="items", disable=not progress_wanted()) as bar:

        def told(step: Step) -> None:  # noqa: ARG001 a bar counts
            bar.update()

        yield told


COMMANDS = (push, pull)
