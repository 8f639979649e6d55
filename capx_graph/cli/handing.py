"""``capx provision``: another Wikibase made ready for the ontology."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click

from capx_graph.cli.context import Context, tell, tell_json
from capx_graph.handover.finding import Finding, How
from capx_graph.handover.provisioner import ANEW, Answer, ProvisionPlan
from capx_graph.handover.reading import Remote
from capx_graph.jobs.handing import provision_decided, provision_plan, provision_there, reading

FOR_A_PERSON = 3
"""The exit code of a run that leaves something for a person to decide."""

WIKI = click.option("--wikibase", "address", metavar="URL", required=True, help="The wiki, or its api.php.")
INSTANCE = click.option(
    "--instance", default="", metavar="NAME|PATH", help="The instance file; without it, named for the wiki's host."
)
SIGN_IN = click.option("--sign-in", is_flag=True, help="Read as who edits there: the credentials are of this wiki.")
YES = click.option("--yes", is_flag=True, help="Carry the plan out without asking.")
FORM = click.option("--json", "as_json", is_flag=True, help="The plan as JSON instead of a table.")


@click.command()
@WIKI
@SIGN_IN
@INSTANCE
@click.option("--take", multiple=True, metavar="ID", help="This entity there is the one of the same name (repeatable).")
@click.option("--make", multiple=True, metavar="TERM", help="Make this term anew, whatever has its name (repeatable).")
@click.option("--dry-run", is_flag=True, help="Print the plan, and do nothing.")
@YES
@FORM
@click.pass_obj
def provision(  # noqa: PLR0913 one argument an option
    context: Context,
    address: str,
    instance: str,
    take: tuple[str, ...],
    make: tuple[str, ...],
    *,
    sign_in: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Make the ontology's properties and items in another Wikibase, and write the file of their ids there."""
    settings = context.settings()
    with reading(settings, address, instance, sign_in=sign_in) as there:
        plan = provision_decided(there, provision_plan(there), _given(take, make))
        _show(plan, as_json=as_json)
        if not dry_run and not plan.of(How.WRONG) and sys.stdin.isatty():
            plan = provision_decided(there, plan, _asked)
        if open_ := plan.of(How.WRONG, How.GUESS):
            tell(
                f"nothing was done: {len(open_)} terms are for a person to decide (--take ID, --make TERM, or the file)"
            )
            return FOR_A_PERSON
        if dry_run or not (yes or confirmed(f"Make {len(plan.of(How.MISSING))} entities in {there.reader.host}?")):
            tell("nothing was done; --yes carries the plan out")
            return 0
        made = provision_there(settings, there, plan)
    tell(f"made {len(made)}, wrote {there.path}")
    return 0


def confirmed(question: str) -> bool:
    """Asks where somebody can answer; where nobody can, the answer is no."""
    return sys.stdin.isatty() and click.confirm(question)


def _given(take: tuple[str, ...], make: tuple[str, ...]) -> Answer:
    """The answers of the command line."""

    def answer(finding: Finding, there: Mapping[str, Remote]) -> str | None:  # noqa: ARG001 an answer looks at nothing
        if finding.term.name in make:
            return ANEW
        return next((entity_id for entity_id in finding.candidates if entity_id in take), None)

    return answer


def _asked(finding: Finding, there: Mapping[str, Remote]) -> str | None:
    definition = finding.term.words.definitions["en"]
    for entity_id in finding.candidates:
        remote = there.get(entity_id)
        entity = remote.entity if remote else None
        said = plain(entity["descriptions"].get("en", {}).get("value", "no description")) if entity else ""
        if click.confirm(f"Is {entity_id} ({said}) what {finding.term.name} means: {definition}", err=True):
            return entity_id
    return ANEW


def _show(plan: ProvisionPlan, *, as_json: bool) -> None:
    if as_json:
        rows = [
            {"term": f.term.name, "id": f.id, "how": f.how.value, "why": f.why, "candidates": f.candidates}
            for f in plan.findings
        ]
        tell_json({"counts": plan.counts(), "terms": rows})
    else:
        for finding in plan.findings:
            if finding.how is not How.MAPPED or finding.why:
                names = finding.id or ", ".join(finding.candidates)
                click.echo("\t".join((finding.how.value, finding.term.name, names, finding.why)))
    tell(", ".join(f"{name}: {count}" for name, count in plan.counts().items()))


def plain(text: object) -> str:
    """A stranger's text on one line of a terminal."""
    return "".join(c if c.isprintable() else "?" for c in str(text))[:120]


COMMANDS = (provision,)
