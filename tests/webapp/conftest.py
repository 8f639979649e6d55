"""The pages over fixed services, put together once: that takes longer than most tests of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.doubles.services import FakeServices
from webapp import create_app
from webapp.needs import SERVICES
from webapp.response.kept import KeptAnswers


@pytest.fixture(scope="session")
def app() -> Flask:
    return create_app(FakeServices())


@pytest.fixture
def services(app: Flask) -> Iterator[FakeServices]:
    """What a test may change at will: the application has kept nothing of those of another test."""
    before, given = dict(app.extensions), FakeServices()
    kept = {name: KeptAnswers() for name, value in before.items() if isinstance(value, KeptAnswers)}
    app.extensions.update({**kept, SERVICES: given})
    yield given
    app.extensions.clear()
    app.extensions.update(before)


@pytest.fixture
def client(app: Flask, services: FakeServices) -> FlaskClient:
    return app.test_client()
