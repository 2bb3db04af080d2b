"""Requests made from the OpenAPI document that the server itself hands out: whatever is sent, it answers as it says."""

import zlib
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from installation import BILLING, CROWD, CROWD_SIZE, ROBOTS
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

HEADERS = {"Authorization": f"Bearer {ROBOTS['operations']['secret']}"}
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]
# The same requests each time.
BOUNDED = settings(
    max_examples=50, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck),
)
LISTS = ["accounts/api-tokens", "accounts/modules", "audit/records", "audit/event-types"]


@pytest.fixture(scope="module")
def http(own_server):
    """Plain requests with the token that acts in all accounts."""
    with httpx.Client(base_url=f"{own_server.url}/public/v1/", headers=HEADERS, trust_env=False) as http:
        yield http


@pytest.fixture(scope="module")
def api(own_server, http):
    """The served document. Half of the ids in addresses are of things that exist, but none is the caller's own."""
    schema = schemathesis.openapi.from_url(f"{own_server.url}/public/v1/openapi.json")
    schema.config.update(base_url=own_server.url)
    existing = {name: [row["id"] for row in http.get(name).json()["data"]] for name in LISTS[1:]}
    # What one request deletes no other can disable.
    crowd = [f"TKN-0004-{number:04}" for number in range(1, CROWD_SIZE)]
    deleted, kept = crowd[:30], crowd[30:]

    def often(text: object, choices: list) -> object:
        chance = zlib.crc32(repr(text).encode())
        return choices[chance // 2 % len(choices)] if chance % 2 else text

    @schema.hook
    def map_path_parameters(context, path_parameters):
        name = "/".join(context.operation.path.split("/")[3:5])
        if path_parameters and "id" in path_parameters:
            tokens = deleted if context.operation.method == "delete" else kept
            drawn = often(path_parameters["id"], existing.get(name, tokens))
            path_parameters["id"] = "TKN-9999-9999" if drawn == ROBOTS["operations"]["id"] else drawn
        return path_parameters

    @schema.hook
    def map_body(context, body):
        if isinstance(body, dict) and "account" in body:
            account = often(body["account"], [{"id": CROWD}])
            body = body | {"account": account, "modules": often(body.get("modules"), [[{"id": BILLING}]])}
        return body

    return schema


@schemathesis.pytest.from_fixture("api").parametrize()
@BOUNDED
def test_every_answer_is_as_the_document_says(case):
    case.call_and_validate(headers=HEADERS, checks=CHECKS)


def test_the_token_that_asked_still_works(http):
    assert http.get(f"accounts/api-tokens/{ROBOTS['operations']['id']}").json()["status"] == "Active"


def test_the_document_needs_no_token(own_server):
    answer = httpx.get(f"{own_server.url}/public/v1/openapi.json", trust_env=False)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("name", LISTS)
@settings(BOUNDED, max_examples=60)
@given(query=st.text(st.sampled_from("eqnotandyilkm(),'\"*&|;=%+-.~ 05aü\u202e\n\0\\"), max_size=40))
def test_no_query_string_breaks_a_list(http, name, query):
    answer = http.get(f"{name}?{quote(query, safe="(),'*&|;=+")}")
    assert answer.status_code in {200, 400}
    kind = "application/json" if answer.status_code == 200 else "application/problem+json"
    assert answer.headers["content-type"] == kind
