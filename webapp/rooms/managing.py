"""Records that have managers, in the browser: proposing one, editing it field by field, asking to manage it.

One form for every kind of record, drawn anew by every button until it is saved, with and without scripts. Who may edit
what is asked of the stewards at every address; a guess is refused, whatever it guesses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from capx_graph import languages
from capx_graph.errors import Conflict, InvalidInput, InvalidParameter, NotFound, RateLimited, Unavailable
from capx_graph.membership import Part
from capx_graph.messages import told
from capx_graph.model import EntityKind, Ref
from capx_graph.stewardship import (
    KINDS,
    Alike,
    RecordConflict,
    RecordKind,
    RecordProblems,
    Shape,
    Spec,
)
from webapp.errors import asking_to_wait, status_of
from webapp.forms import record as recordform
from webapp.forms import times as timeform
from webapp.forms.choosing import called, found_answer, skill_choices, things_found
from webapp.forms.lines import draft_as_is, is_to_be_drawn_again, searched_in, take_whole_forms, text_languages, tidy
from webapp.forms.record import Draft, chosen_from
from webapp.members.signingin import check_form, check_form_is_meant, count_edit, for_members_themselves, own_account
from webapp.needs import services
from webapp.request.reader import reader
from webapp.request.visitor import form_token
from webapp.response.headers import led_to

blueprint = Blueprint("managing", __name__)

_LONGEST_REASON = 500


take_whole_forms(blueprint)
for_members_themselves(blueprint)


@blueprint.get("/propose/<kind>")
def new(kind: str) -> Response:
    """The form of a new record; the address may choose things beforehand (``?organizer=Q12``)."""
    wanted = kind_named(kind)
    return _new_form(wanted, recordform.blank(wanted.proposed, request.args))


@blueprint.post("/propose/<kind>")
def propose(kind: str) -> Response:
    """Keeps a proposal, or makes the record of somebody who answers for it; shows first what is there already."""
    check_form_is_meant()
    wanted = kind_named(kind)
    draft = recordform.draft_from(request.form, wanted.proposed)
    searched = searched_in(request.form, chosen_from(wanted.proposed))
    if is_to_be_drawn_again(request.form, searched):
        found = things_found(searched, chosen_from(wanted.proposed))
        return _new_form(wanted, replace(draft, found=found, searched=searched))
    faults = timeform.faults(draft.parts, wanted.proposed)
    proposing, reason = services().stewardship.proposing, tidy(request.form.get("reason", ""))[:_LONGEST_REASON]
    try:
        alike = proposing.alike(wanted, draft.parts, reader().chain)
        if faults or alike.same or (alike.named and request.form.get("anyway") != "1"):
            problems = services().stewardship.records.problems(wanted, draft.parts, reader().chain, known=faults)
            return _new_form(wanted, draft, alike=alike, problems=problems, status=400 if problems else 409)
        count_edit()
        item = proposing.propose(own_account(), wanted, draft.parts, reason=reason, reader=reader().chain)
    except RecordProblems as error:
        return _new_form(wanted, draft, alike=alike, problems=error.problems, status=400)
    except (InvalidInput, RateLimited) as error:
        return asking_to_wait(_new_form(wanted, draft, detail=error, status=status_of(error)), error)
    if item is not None:
        return led_to(url_for("managing.edit", item=item, saved="1"))
    return led_to(url_for("me.home", proposed="1"))


@blueprint.get("/propose/<kind>/choices.json")
def choices(kind: str) -> Response:
    """Things of a field's kind whose names begin with ``q``."""
    kinds = chosen_from(kind_named(kind).fields)
    field = request.args.get("field", "")
    if field not in kinds:
        raise InvalidParameter("field", field[:40], told("mend-one-of", ", ".join(kinds)))
    found = things_found({field: request.args.get("q", "").strip()[:100]}, kinds)
    return jsonify(found_answer(found[field]))


@blueprint.get("/manage/<item>")
def edit(item: str) -> Response:
    """The form of a record, for its managers."""
    record = services().stewardship.records.read(item)
    services().stewardship.stewards.check(own_account(), record.item)
    return _edit_form(record.item, record.kind, draft_as_is(record.parts))


@blueprint.post("/manage/<item>")
def save(item: str) -> Response:
    """Saves what changed, or searches and draws the form again."""
    check_form_is_meant()
    record = services().stewardship.records.read(item)
    account = own_account()
    services().stewardship.stewards.check(account, record.item)
    draft = recordform.draft_from(request.form, record.kind.fields)
    searched = searched_in(request.form, chosen_from(record.kind.fields))
    if is_to_be_drawn_again(request.form, searched):
        found = things_found(searched, chosen_from(record.kind.fields))
        return _edit_form(record.item, record.kind, replace(draft, found=found, searched=searched))
    changed = [spec for spec in record.kind.fields if draft.parts[spec.name].mark != draft.seen[spec.name]]
    if faults := timeform.faults(draft.parts, changed):
        parts = {spec.name: draft.parts[spec.name] for spec in changed}
        records = services().stewardship.records
        problems = records.problems(record.kind, parts, reader().chain, item=record.item, known=faults)
        return _edit_form(record.item, record.kind, draft, problems=problems, status=400)
    try:
        count_edit()
        services().stewardship.records.save(record.item, draft.changes, account=account.name, reader=reader().chain)
    except RecordConflict as error:
        seen = {**draft.seen, **{name: content.mark for name, content in error.theirs.items()}}
        return _edit_form(record.item, record.kind, replace(draft, seen=seen), theirs=error.theirs, status=409)
    except RecordProblems as error:
        return _edit_form(record.item, record.kind, draft, problems=error.problems, status=400)
    except (InvalidInput, Conflict, Unavailable) as error:
        answer = _edit_form(record.item, record.kind, draft, detail=error, status=status_of(error))
        return asking_to_wait(answer, error)
    return led_to(url_for("managing.edit", item=record.item, saved="1"))


@blueprint.post("/manage/<item>/ask")
def ask(item: str) -> Response:
    """Somebody says that they manage a record; its own account and operators do so at once."""
    check_form()
    manager = services().stewardship.stewards.propose(own_account(), item)
    if manager.confirmed:
        return led_to(url_for("managing.edit", item=manager.item))
    return led_to(url_for("me.home", proposed="1"))


def kind_named(name: str) -> RecordKind:
    """The kind of record with this name; raises NotFound."""
    if name not in KINDS:
        raise NotFound(told("refused-absent", name[:40]))
    return KINDS[EntityKind(name)]


def _new_form(kind: RecordKind, draft: Draft, *, alike: Alike | None = None, **more: Any) -> Response:
    alike_items = [item for item in (alike.same, *alike.named) if item] if alike else []
    return _drawn(
        "records/new.html",
        draft,
        specs=kind.proposed,
        kind=kind,
        alike=alike,
        alike_refs=services().membership.naming.refs(alike_items, reader().chain),
        reason=request.form.get("reason", "")[:_LONGEST_REASON],
        anyway=request.form.get("anyway") == "1",
        address=url_for("managing.propose", kind=kind.kind),
        **more,
    )


def _edit_form(item: str, kind: RecordKind, draft: Draft, **more: Any) -> Response:
    return _drawn(
        "records/edit.html",
        draft,
        specs=kind.fields,
        kind=kind,
        ref=services().membership.naming.ref(item, reader().chain),
        saved=request.args.get("saved") == "1",
        activities=_activities(item) if kind.kind is EntityKind.ORGANIZATION else None,
        offered=[(other.kind, other.vouching[0]) for other in KINDS.values() if other.vouching],
        address=url_for("managing.save", item=item),
        **more,
    )


def _activities(organization: str) -> tuple[Ref, ...]:
    """The events and projects of an organization, which are records of their own."""
    profile = services().profiles.organization(organization, reader=reader().chain)
    return (*(line.event for line in profile.events), *profile.projects)


def _drawn(template: str, draft: Draft, *, specs: tuple[Spec, ...], status: int = 200, **more: Any) -> Response:
    values: dict[str, Any] = {"theirs": {}, "problems": {}, "detail": ""} | more
    page = render_template(
        template,
        draft=draft,
        specs=specs,
        titles={spec.name: recordform.title_of(spec) for spec in specs},
        hints=recordform.HINTS,
        chosen_from=chosen_from(specs),
        names=_names((*draft.parts.items(), *values["theirs"].items()), specs),
        skills=tuple(spec.name for spec in specs if spec.shape is Shape.SKILLS),
        **skill_choices(),
        fixed={spec.name: _fixed(spec) for spec in specs if spec.shape is Shape.CHOICE},
        rows_of_words=recordform.rows_of_words,
        clocks_of=timeform.clocks_of,
        written_in=text_languages(
            {line.language for part in draft.parts.values() for line in part.lines if line.language},
            languages.term_codes(),
        ),
        own_language=reader().code,
        unconfirmed=frozenset(),
        declined=frozenset(),
        babel=(),
        token=form_token(),
        **values,
    )
    return make_response(page, status)


def _names(parts: tuple[tuple[str, Part], ...], specs: tuple[Spec, ...]) -> dict[str, Ref]:
    things = {spec.name for spec in specs if spec.chosen_from is not None or spec.shape is Shape.CHOICE}
    values = [line.value for name, part in parts if name in things for line in part.lines]
    return services().membership.naming.refs(values, reader().chain)


def _fixed(spec: Spec) -> list[tuple[str, str]]:
    """A field's fixed values as items, with their names."""
    individuals = [one for one in services().ontology.individuals.values() if one.class_name == spec.codes]
    names: Mapping[str, str] = dict(called(spec.codes, [one.code for one in individuals]))
    return [(services().instance.item_id(one.name), names[one.code]) for one in individuals]
