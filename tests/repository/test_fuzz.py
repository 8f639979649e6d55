"""Whatever a client sends, the API answers with its own error: no status of the 500s, no traceback."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from capx_graph.repository.api import queryevents, querylists, querymeta, querypages
from capx_graph.repository.api.modules import MODULES
from tests.houses.golden_server import build

pytestmark = pytest.mark.slow

QUICK = settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
GUID = "Q1$00000000-0000-4000-8000-000000000001"
PIECES = (
    *("", " ", "Q1", "P1", "q1", "Q0", "Q99999999999999999999", "P2", "Q2", "-1", "0", "1", "2", "9" * 30),
    *("en", "mul", "xx", "value", "novalue", "item", "property", "string", "time", "max", "|", "\x1f", "Q1|Q2|P1"),
    *(
        GUID,
        GUID.lower(),
        "$",
        "{",
        "[]",
        "{}",
        "null",
        "true",
        '"x"',
        '"\\ud800"',
        "[[[[",
        '{"a":' * 600,
        "1e999",
        "NaN",
    ),
    *("\x00", "\ufffe", "e\u0301", "Item:Q1", "Property:P1", "Item:Q1|Talk:X", "../../etc", "<script>", "' OR 1=1 --"),
    *("x" * 300, "now", "2026-01-01T00:00:00Z", '{"id":"Q1"}', '{"labels":{"en":{"language":"en","value":"x"}}}'),
    *('{"claims":[]}', '{"claims":[{"id":"x","remove":""}]}'),
)
KEYS = (
    *(
        "labels",
        "descriptions",
        "aliases",
        "claims",
        "sitelinks",
        "id",
        "type",
        "datatype",
        "remove",
        "language",
        "value",
    ),
    *(
        "mainsnak",
        "rank",
        "qualifiers",
        "references",
        "snaks",
        "snaks-order",
        "qualifiers-order",
        "snaktype",
        "property",
    ),
    *("datavalue", "amount", "unit", "upperBound", "time", "precision", "calendarmodel", "latitude", "longitude"),
    *("globe", "text", "numeric-id", "entity-type", "en", "P1", "P2", "0"),
)
VALUE = st.one_of(st.sampled_from(PIECES), st.text(max_size=20))

JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.text(max_size=8),
        st.sampled_from(PIECES),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)),
    max_leaves=12,
)
NAMES = sorted(
    {param.prefix + p.name for param in MODULES.values() for p in param.params}
    | {
        part.prefix + p.name
        for family in (queryevents, querylists, querymeta, querypages)
        for part in family.PARTS.values()
        for p in part.params
    }
    | {"formatversion", "errorformat", "uselang", "assert", "assertuser", "maxlag", "origin", "token"}
)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with tempfile.TemporaryDirectory() as directory:
        client = Client(build(Path(directory)))
        for datatype in ("string", "wikibase-item", "quantity", "time", "globe-coordinate", "monolingualtext"):
            post(client, action="wbeditentity", new="property", data=json.dumps({"datatype": datatype}))
        claim = {
            "mainsnak": {"snaktype": "value", "property": "P1", "datavalue": {"type": "string", "value": "x"}},
            "type": "statement",
            "id": GUID,
        }
        post(client, action="wbeditentity", new="item", data=json.dumps({"claims": [claim]}))
        yield client


def post(client: Client, **params: str) -> Any:
    token = client.get("/w/api.php?action=query&meta=tokens&format=json", environ_overrides=ACTOR).json
    csrf = token["query"]["tokens"]["csrftoken"]
    return client.post("/w/api.php", data={"token": csrf, **params}, environ_overrides=ACTOR)


ACTOR = {"capx.account": "WikiBot"}


def check(response: Any) -> None:
    assert response.status_code == 200, response.data[:300]
    answer = response.json
    error = answer.get("error") or (answer.get("errors") or [{}])[0] if isinstance(answer, dict) else {}
    assert "internal_api_error" not in str(error.get("code")), answer


@QUICK
@given(
    action=st.sampled_from(sorted(MODULES)),
    params=st.dictionaries(st.sampled_from(NAMES), VALUE, max_size=6),
    parts=st.sampled_from(["", "meta", "list", "prop"]),
    method=st.sampled_from(["GET", "POST"]),
)
def test_any_parameters_get_an_answer(
    client: Client, action: str, params: dict[str, str], parts: str, method: str
) -> None:
    if parts:
        family = {"meta": querymeta.PARTS, "list": {**querylists.PARTS, **queryevents.PARTS}, "prop": querypages.PARTS}[
            parts
        ]
        params = {"titles": "Item:Q1", parts: "|".join(family), **params}
        action = "query"
    params = {name: value.encode("utf-8", "replace").decode() for name, value in params.items()} | {"action": action}
    if method == "GET":
        check(client.get("/w/api.php", query_string=params, environ_overrides=ACTOR))
    else:
        check(post(client, **params))


@QUICK
@given(
    data=JSON,
    module=st.sampled_from(["wbeditentity", "new", "wbsetclaim", "wbcreateclaim", "wbsetreference", "wbformatvalue"]),
)
def test_any_json_gets_an_answer(client: Client, data: Any, module: str) -> None:
    text = json.dumps(data)
    calls: dict[str, dict[str, str]] = {
        "wbeditentity": {"id": "Q1", "data": text},
        "new": {"new": "item", "data": text},
        "wbsetclaim": {"claim": text},
        "wbcreateclaim": {"entity": "Q1", "property": "P3", "snaktype": "value", "value": text},
        "wbsetreference": {"statement": GUID, "snaks": text},
        "wbformatvalue": {"datavalue": text},
    }
    action = "wbeditentity" if module == "new" else module
    check(post(client, action=action, **calls[module]))


VALUES = {
    "P1": {"type": "string", "value": "x"},
    "P2": {"type": "wikibase-entityid", "value": {"entity-type": "item", "id": "Q1"}},
    "P3": {"type": "quantity", "value": {"amount": "+1", "unit": "1"}},
    "P4": {
        "type": "time",
        "value": {
            "time": "+2026-01-01T00:00:00Z",
            "timezone": 0,
            "before": 0,
            "after": 0,
            "precision": 11,
            "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
        },
    },
    "P5": {
        "type": "globecoordinate",
        "value": {
            "latitude": 1.5,
            "longitude": 2.5,
            "precision": 0.1,
            "globe": "http://www.wikidata.org/entity/Q2",
        },
    },
    "P6": {"type": "monolingualtext", "value": {"text": "x", "language": "en"}},
}


@st.composite
def snaks(draw: st.DrawFn) -> Any:
    """A good snak, or one of which a part is anything."""
    property_id = draw(st.sampled_from(sorted(VALUES)))
    snak: Any = {"snaktype": "value", "property": property_id, "datavalue": VALUES[property_id]}
    return draw(st.one_of(st.just(snak), spoiled(snak)))


@st.composite
def spoiled(draw: st.DrawFn, good: Any) -> Any:
    """The same with one part, at any depth, replaced by anything or left out."""
    if not isinstance(good, dict) or not good or draw(st.integers(0, 3)) == 0:
        return draw(JSON)
    key = draw(st.sampled_from(sorted(good)))
    if draw(st.integers(0, 4)) == 0:
        return {name: part for name, part in good.items() if name != key}
    return good | {key: draw(spoiled(good[key]))}


@st.composite
def statements(draw: st.DrawFn) -> Any:
    """A statement of good parts, or with a spoiled one."""
    one, two = draw(snaks()), draw(snaks())
    statement: Any = {"type": "statement", "rank": "normal", "mainsnak": draw(snaks())}
    statement["qualifiers"] = {"P1": [one], "P2": [two]}
    statement["references"] = [{"snaks": {"P1": [two]}, "snaks-order": ["P1"]}]
    if draw(st.booleans()):
        statement["id"] = draw(st.sampled_from([GUID, GUID.upper(), "Q1$x", "Q2" + GUID[2:]]))
    return draw(st.one_of(st.just(statement), spoiled(statement)))


@QUICK
@given(claims=st.lists(statements(), max_size=3), clear=st.booleans())
def test_any_statements_get_an_answer(client: Client, claims: list[Any], clear: bool) -> None:
    params = {"action": "wbeditentity", "id": "Q1", "data": json.dumps({"claims": claims})}
    check(post(client, **params, **({"clear": "1"} if clear else {})))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe\x00action=query", "application/x-www-form-urlencoded"),
        (b"action=wbeditentity&data=" + b"%ff%fe%00", "application/x-www-form-urlencoded"),
        (b"data=" + b"a" * 10_000_000, "application/x-www-form-urlencoded"),
        (b"&" * 100_000, "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"action=query", "text/plain; charset=nonsense"),
    ],
)
def test_a_broken_body_gets_an_answer(client: Client, body: bytes, content_type: str) -> None:
    check(client.post("/w/api.php", data=body, content_type=content_type, environ_overrides=ACTOR))


@pytest.mark.parametrize(
    "path",
    [
        "/w/api.php?action=%ff",
        "/w/api.php?" + "a=b&" * 5000,
        "/entity/%ff",
        "/entity/Q1?x=%00",
        "/wiki/Special:EntityData/%ff.json",
        "/wiki/Special:EntityData/Q1.json?revision=abc",
        "/wiki/%ff",
        "/w/rest.php/%ff",
    ],
)
def test_a_broken_address_is_not_a_failure_of_the_server(client: Client, path: str) -> None:
    assert client.get(path).status_code < 500


@pytest.mark.parametrize(
    "cookie", ["capxwiki_session=\xff", "capxwiki_session=" + "a" * 9000, "=;;=", "capxwiki_session=;x"]
)
def test_a_broken_cookie_is_no_session(client: Client, cookie: str) -> None:
    browser = Client(client.application, use_cookies=False)  # with a jar, the client of the tests drops the header
    check(browser.get("/w/api.php?action=query&meta=userinfo", headers={"Cookie": cookie}))
