"""Refusals are told in the reader's language, and a limit keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from flask.testing import FlaskClient

from capx_graph import errors
from capx_graph.errors import CapxError, EditRefused, InvalidInput, InvalidParameter, OutcomeUnknown, RateLimited
from capx_graph.membership import OwnProfiles, Problematic
from capx_graph.messages import Told, line_of, load_messages, told
from capx_graph.messages.told import SAID
from capx_graph.repository.ratelimit import RateLimit
from capx_graph.resources import messages_dir
from tests.houses.directory import House, house
from webapp import create_app

PORTUGUESE = load_messages(messages_dir()).translator("pt-br")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("told")) as opened:
        yield opened


@pytest.fixture
def spent(home: House) -> FlaskClient:
    """A browser of Ana, who has edited as much as one may in a minute."""
    work = replace(home.services.directory_work, rate=RateLimit(0))
    client = create_app(replace(home.services, directory_work=work)).test_client()
    home.sign_in("Ana", client=client)
    return client


def test_a_line_knows_its_message() -> None:
    line = told("mend-long", 400, "too much")
    assert line == "A text has at most 400 characters. Shorten this one: too much"
    assert line.within(PORTUGUESE) == PORTUGUESE.text("mend-long", 400, "too much")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (InvalidInput(told("mend-single")), "mend-single"),
        (InvalidParameter("note", "x", told("mend-single")), "mend-single"),
        (RateLimited(datetime.now(UTC)), "refused-often"),
        (OutcomeUnknown("no answer"), "refused-unknown"),
    ],
)
def test_an_error_hands_its_line_up(error: InvalidInput, message: str) -> None:
    line = line_of(error)
    assert isinstance(line, Told)
    assert line.message == message


def test_an_error_without_a_line_of_its_own_says_what_its_class_says() -> None:
    assert line_of(InvalidParameter("note", "x", "is odd")) == told("mend-rule")
    assert line_of(EditRefused("spamblacklist", "no such links")) == told("refused-edit", "spamblacklist")
    assert line_of(Problematic({})) == line_of(InvalidInput()) == told("refused-input")


def test_every_error_of_the_tree_has_something_to_say() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, CapxError)]
    assert list(SAID) == kinds


def test_a_refusal_is_in_the_readers_language(home: House) -> None:
    client = home.client.application.test_client()
    home.sign_in("Ana", client=client)
    answer = client.get("/directory/new?uselang=pt-br")
    assert answer.status_code == 403
    assert "Só os mantenedores do diretório fazem isto" in answer.text
    assert client.get("/directory/new", headers={"Accept": "application/json"}).get_json()["error"]["message"] == told(
        "refused-maintainers"
    )


def test_what_a_refusal_quotes_is_escaped(home: House) -> None:
    client = home.client.application.test_client()
    home.sign_in("Ana", client=client)
    form = home.form("/directory/suggest", "/directory/suggest", client)
    answer = client.post("/directory/suggest", data=form | {"language": "<b>x</b>", "label": "A", "reason": "r"})
    assert answer.status_code == 400
    assert "<b>x" not in answer.text
    assert "&lt;b&gt;x" in answer.text


def test_a_field_of_a_record_says_what_is_wrong_in_the_readers_language(home: House) -> None:
    client = home.client.application.test_client()
    home.sign_in("Ana", client=client)
    form = home.form("/propose/organization", "/propose/organization", client)
    typed = {"names.language": "pt", "names.label": "Grupo", "website": "nowhere", "uselang": "pt-br", "save": "1"}
    answer = client.post("/propose/organization?uselang=pt-br", data=form | typed)
    assert answer.status_code == 400
    assert PORTUGUESE.text("mend-address", "nowhere") in answer.text


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        (
            "/propose/organization",
            {"names.language": "pt", "names.label": "Grupo sem pressa", "names.description": "", "save": "1"},
        ),
        ("/directory/suggest", {"language": "pt", "label": "Grupo sem pressa", "reason": "porque sim"}),
    ],
)
def test_a_limit_says_when_to_come_back_and_keeps_what_was_typed(
    home: House, spent: FlaskClient, address: str, typed: dict[str, str]
) -> None:
    form = home.form(address, address, spent)
    answer = spent.post(f"{address}?uselang=pt-br", data=form | typed)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert "Grupo sem pressa" in answer.text
    assert "Edições demais de uma vez" in answer.text


def test_a_translation_over_the_limit_is_kept(home: House, spent: FlaskClient) -> None:
    item = home.item("10")
    form = home.form("/translate?to=sw", f"/translate/{item}", spent)
    answer = spent.post(f"/translate/{item}", data=form | {"label": "Neno", "description": ""})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert "Neno" in answer.text


def test_a_profile_that_has_to_wait_says_so(home: House) -> None:
    client = home.client.application.test_client()
    home.sign_in("Ana", client=client)
    form = home.form("/me/edit", "/me/edit", client)
    wait = RateLimited(datetime.now(UTC) + timedelta(seconds=40))
    with mock.patch.object(OwnProfiles, "save", side_effect=wait):
        answer = client.post("/me/edit", data=form | {"save": "1"})
    assert answer.status_code == 429
    assert 30 <= int(answer.headers["Retry-After"]) <= 40
