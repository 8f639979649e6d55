"""The forms by which somebody enters: signing in and registering, filled in and sent."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.houses.directory import PASSWORD


def fields(response: TestResponse) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', response.text))


def token(browser: FlaskClient, address: str = "/signin") -> str:
    text = browser.get(address).text
    form = text[text.index(f'action="{address}"') :]
    return re.findall(r'name="token" value="([^"]*)"', form)[0]


def sign_in(browser: FlaskClient, name: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return browser.post("/signin", data={"token": token(browser), "name": name, "password": password, **more})


def register(browser: FlaskClient, name: str, password: str = PASSWORD, **more: str) -> TestResponse:
    form = {"token": token(browser, "/register"), "name": name, "password": password, "again": password}
    return browser.post("/register", data=form | more)
