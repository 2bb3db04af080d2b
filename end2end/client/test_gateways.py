"""The gateways of docs/gateways/, run from the very files that stand there."""

import itertools
import json
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from both import blocking
from gateway import KINDS, Answer, Call, Gateway, Upstream
from gateway_installation import IDS, MODULES, NAME, bearer, provision, secret
from installation import BILLING, CLIENT, ROBOTS
from server import Server

FORGED = "forged"
TOKEN_HEADERS = ["X-Token-Id", "X-Token-Name", "X-Token-Account", "X-Token-Modules"]
# All that a header's name may hold beside letters, digits and hyphens.
ODD = "_.!#$%&'*+^`|~"
# Which paths of the samples let which tokens through.
OPENS = {
    "/billing/": ["billing", "both"],
    "/catalog/": ["catalog", "both"],
    "/reports/": ["billing", "catalog", "both"],
}


@pytest.fixture(scope="module")
def latchkey() -> Iterator[Server]:
    """The Latchkey that gateways ask. It believes what they say about their clients' addresses."""
    started = Server(provision(), {"LATCHKEY_TRUSTED_PROXIES": "127.0.0.1"})
    yield started
    started.stop()


@pytest.fixture(scope="module")
def strict_latchkey() -> Iterator[Server]:
    """A Latchkey that takes the gateway for a client, and lets a client ask once a minute."""
    started = Server(provision(), {"LATCHKEY_RATE_LIMIT_ADDRESS": "1"})
    yield started
    started.stop()


@pytest.fixture(scope="module")
def running_upstream() -> Iterator[Upstream]:
    """What the gateways protect."""
    started = Upstream()
    yield started
    started.stop()


@pytest.fixture
def upstream(running_upstream: Upstream) -> Upstream:
    """The same, before it was ever called."""
    running_upstream.forget()
    return running_upstream


@contextmanager
def running(name: str, latchkey: int, upstream: Upstream) -> Iterator[Gateway]:
    """A gateway of its own, in front of whoever is at the port in Latchkey's place."""
    started = Gateway(name, latchkey, upstream.port)
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="module", params=KINDS)
def gateway(request: pytest.FixtureRequest, latchkey: Server, running_upstream: Upstream) -> Iterator[Gateway]:
    """Each of the gateways, in front of the upstream."""
    with running(request.param, port_of(latchkey), running_upstream) as started:
        yield started


@pytest.fixture
def agreeing() -> Iterator[Upstream]:
    """Somebody in Latchkey's place who agrees to everything, and tells what he was asked."""
    started = Upstream()
    yield started
    started.stop()


def port_of(server: Server) -> int:
    return urlsplit(server.url).port


def meaning(name: str) -> str:
    """The name of a header as many upstreams read it: they make the same of all that is no letter and no digit."""
    return re.sub("[^a-z0-9]", "-", name.lower())


def said_of_the_token(call: Call) -> list[tuple[str, str]]:
    """All that an upstream could take for Latchkey's word on the token."""
    return sorted((meaning(name), value) for name, value in call.headers if meaning(name).startswith("x-token"))


def expected_of(word: str) -> list[tuple[str, str]]:
    """What Latchkey says of a token, apart from its name."""
    return [("x-token-account", CLIENT), ("x-token-id", IDS[word]), ("x-token-modules", ",".join(MODULES[word]))]


def assert_passed(answer: Answer, upstream: Upstream, word: str) -> Call:
    """It went through, and the upstream got Latchkey's word on the token and no other."""
    assert answer.status == 200, answer
    assert len(upstream.calls) == 1
    said = said_of_the_token(upstream.calls[0])
    names = [value for header, value in said if header == "x-token-name"]
    assert [unquote(name) for name in names] == [NAME]
    assert [pair for pair in said if pair[0] != "x-token-name"] == expected_of(word)
    return upstream.calls[0]


def assert_refused(answer: Answer, upstream: Upstream, status: int) -> None:
    """The client was told so, and the upstream heard nothing of it."""
    assert answer.status == status, answer
    assert upstream.calls == []
    assert answer.of("Location") == []
    assert answer.of("Content-Type") == ["application/problem+json"]
    assert answer.of("Cache-Control") == ["no-store"]
    problem = json.loads(answer.body)
    assert problem["status"] == status
    assert problem["title"]
    challenges = answer.of("WWW-Authenticate")
    if status in (401, 403):
        assert [challenge.startswith("Bearer ") for challenge in challenges] == [True]
    if status == 403:
        assert 'error="insufficient_scope"' in challenges[0]
    if status in (429, 503):
        assert [int(seconds) > 0 for seconds in answer.of("Retry-After")] == [True]


@pytest.mark.parametrize(("path", "word"), [(path, word) for path, words in OPENS.items() for word in words])
def test_a_token_with_the_modules_goes_through(gateway, upstream, path, word):
    call = assert_passed(gateway.ask(f"{path}a?b=c", bearer(word)), upstream, word)
    assert (call.method, call.target) == ("GET", f"{path}a?b=c")


def test_the_name_of_the_token_is_percent_encoded(gateway, upstream):
    call = assert_passed(gateway.ask("/billing/", bearer("billing")), upstream, "billing")
    assert re.fullmatch("([A-Za-z0-9._~-]|%[0-9A-F]{2})+", call.of("X-Token-Name")[0])


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
def test_the_scheme_may_be_in_any_case(gateway, upstream, scheme):
    answer = gateway.ask("/billing/", f"authorization: {scheme} {secret('billing')}")
    assert_passed(answer, upstream, "billing")


@pytest.mark.parametrize(
    ("path", "word"), [(path, word) for path, words in OPENS.items() for word in MODULES if word not in words])
def test_a_token_without_the_module_is_403(gateway, upstream, path, word):
    assert_refused(gateway.ask(path, bearer(word)), upstream, 403)


@pytest.mark.parametrize("headers", [
    [],
    ["Authorization: Bearer lk_000000000000000000000000000000000000"],
    ["Authorization: Bearer"],
    ["Authorization:"],
    ["Authorization: Basic bGs6bGs="],
    [f"Authorization: {secret('both')}"],
    [bearer("off")],
    [f"Authorization: Bearer {secret('both')}, Bearer {secret('both')}"],
    [f"Cookie: token={secret('both')}", f"X-Authorization: Bearer {secret('both')}"],
    [f"Proxy-Authorization: Bearer {secret('both')}"],
    # Names that some read as Authorization.
    [f"Authorization_: Bearer {secret('both')}"],
], ids=[
    "none", "unknown", "no secret", "empty", "Basic", "no scheme", "disabled", "two in one", "other headers",
    "for proxies", "nearly",
])
def test_without_a_good_token_it_is_401(gateway, upstream, headers):
    for path in OPENS:
        assert_refused(gateway.ask(f"{path}?token={secret('both')}", *headers), upstream, 401)


@pytest.mark.parametrize("words", [("both", "both"), ("both", "billing"), ("off", "both")])
def test_two_tokens_are_none(gateway, upstream, words):
    for path in OPENS:
        answer = gateway.ask(path, *map(bearer, words))
        if gateway.name == "nginx":
            # It does not even ask: to nginx this is no HTTP.
            assert (answer.status, upstream.calls) == (400, [])
        else:
            assert_refused(answer, upstream, 401)


def test_the_answers_to_every_bad_token_are_alike(gateway):
    unknown = gateway.ask("/billing/", "Authorization: Bearer lk_000000000000000000000000000000000000")
    disabled = gateway.ask("/billing/", bearer("off"))
    assert (unknown.body, unknown.of("WWW-Authenticate")) == (disabled.body, disabled.of("WWW-Authenticate"))


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_the_method_changes_nothing(gateway, upstream, method):
    assert gateway.ask("/billing/", method=method).status == 401
    assert gateway.ask("/billing/", bearer("catalog"), method=method).status == 403
    assert upstream.calls == []
    call = assert_passed(gateway.ask("/billing/", bearer("billing"), method=method), upstream, "billing")
    assert call.method == method


SPELLINGS = [
    *[first + second for first, second in itertools.product("-_", repeat=2)],
    *[odd + odd for odd in ODD], *["-" + odd for odd in ODD], *[odd + "-" for odd in ODD],
]


@pytest.mark.parametrize("case", [str, str.lower, str.upper, str.swapcase])
def test_what_the_client_says_of_its_token_never_arrives(gateway, upstream, case):
    for first, second in SPELLINGS:
        upstream.forget()
        names = [case(name).replace("-", first, 1).replace("-", second, 1) for name in TOKEN_HEADERS]
        lines = [f"{name}: {FORGED}" for name in names]
        assert_passed(gateway.ask("/billing/", *lines, bearer("billing"), *lines), upstream, "billing")


@pytest.mark.parametrize("spelling", ["X-Token-Id", "x_token_id"])
@pytest.mark.parametrize(("headers", "status"), [([], 401), ([bearer("off")], 401), ([bearer("catalog")], 403)])
def test_what_the_client_says_of_its_token_opens_nothing(gateway, upstream, spelling, headers, status):
    forged = [f"{spelling}: {IDS['billing']}", f"{spelling.lower().replace('id', 'modules')}: billing"]
    assert_refused(gateway.ask("/billing/", *forged, *headers), upstream, status)


@pytest.mark.parametrize("line", [
    f"X-Token-Id : {FORGED}", f"X-Token-Id\t: {FORGED}", f" X-Token-Id: {FORGED}", f"X-Token-Id\x00: {FORGED}",
    f"X\x00-Token-Id: {FORGED}", f"\u00a0X-Token-Id: {FORGED}", f"X-Other: 1\r\n X-Token-Id: {FORGED}",
    f"X-Other: 1\nX-Token-Id: {FORGED}", f"X-Other: 1\rX-Token-Id: {FORGED}",
])
def test_what_is_no_header_is_none_for_the_upstream_either(gateway, upstream, line):
    answer = gateway.ask("/billing/", bearer("billing"), line)
    if answer.status in (400, 401):
        assert upstream.calls == []
    else:
        assert_passed(answer, upstream, "billing")


@pytest.mark.parametrize("name", TOKEN_HEADERS)
def test_the_client_cannot_take_away_what_latchkey_says(gateway, upstream, name):
    call = assert_passed(gateway.ask("/billing/", bearer("billing"), f"Connection: close, {name}"), upstream, "billing")
    assert call.of(name) != []


FORGERIES = [
    "X-Forwarded-For: 203.0.113.7", "Forwarded: for=203.0.113.7", "X-Real-IP: 203.0.113.7",
    "X-Forwarded-Method: OPTIONS", "X-HTTP-Method-Override: OPTIONS", "X-Forwarded-Host: localhost",
    "X-Forwarded-Proto: https",
    *[f"{name}: {value}"
      for name in ("X-Forwarded-Uri", "X-Original-URL", "X-Original-URI", "X-Rewrite-URL", "X-Forwarded-Path")
      for value in ("/catalog/", "/auth/verify", "/auth/verify?module=catalog", "/livez")],
]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_headers_about_the_way_do_not_change_the_verdict(gateway, upstream, forgery):
    assert_refused(gateway.ask("/billing/", forgery), upstream, 401)
    assert_refused(gateway.ask("/billing/", forgery, bearer("catalog")), upstream, 403)
    assert_passed(gateway.ask("/billing/", forgery, bearer("billing")), upstream, "billing")


@pytest.mark.parametrize("query", [
    "module=catalog", "any=catalog", "path=", "path=/&module=catalog", "&module=catalog", "module=",
    "any=billing&any=catalog", "%26module=catalog", "?module=catalog", "module=catalog%23", "unknown",
])
def test_what_the_client_asks_for_is_not_what_latchkey_is_asked(gateway, upstream, query):
    assert_refused(gateway.ask(f"/billing/?{query}", bearer("catalog")), upstream, 403)
    call = assert_passed(gateway.ask(f"/billing/?{query}", bearer("billing")), upstream, "billing")
    assert call.target == f"/billing/?{query}"


@pytest.mark.parametrize("target", [
    "/billing/../catalog/x", "/catalog/../billing/x", "/catalog/./../billing/x", "/catalog/%2e%2e/billing/x",
    "/catalog/..%2fbilling/x", "/catalog%2f..%2fbilling/x", "/catalog/..;/billing/x", "/catalog/..;a=b/billing/x",
    "/catalog/..\\billing/x", "/catalog/..%5cbilling/x", "/catalog/%252e%252e/billing/x", "/catalog//../billing/x",
    "//billing/x", "/catalog//billing/../../billing/x", "/./billing/x", "/%62illing/x", "/billing%2fx",
    "/catalog/%2e%2e%2fbilling/x", "/catalog/..", "/catalog/x/../../billing/x", "/catalog/..%00/billing/x",
])
def test_no_spelling_of_a_path_leads_where_the_token_may_not_go(gateway, upstream, target):
    answer = gateway.ask(target, bearer("catalog"))
    if answer.status != 200:
        assert upstream.calls == []
        assert answer.status in (301, 308, 400, 403, 404)
        return
    # What the upstream got is under /catalog/ in whichever way it reads that.
    path = unquote(urlsplit(upstream.calls[0].target).path)
    assert path.startswith("/catalog/")
    assert re.search(r"[/\\]\.\.?([/\\;]|$)", path) is None


@pytest.mark.parametrize("target", [
    "/", "/other", "/billing", "/latchkey/", "/latchkey/billing", "/auth/verify?module=billing",
])
def test_what_is_not_protected_is_not_there(gateway, upstream, target):
    for headers in ([], [bearer("both")]):
        assert gateway.ask(target, *headers).status in (301, 404)
    assert upstream.calls == []


# Longer than what the gateways keep in memory.
LONG = bytes(range(256)) * 4096


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("body", [b"", b"{}", LONG[:-1]], ids=["empty", "short", "long"])
def test_a_body_reaches_the_upstream_whole(gateway, upstream, method, body):
    answer = gateway.ask("/billing/x", bearer("billing"), "Content-Type: text/plain", method=method, body=body)
    call = assert_passed(answer, upstream, "billing")
    assert call.method == method
    assert call.body == body
    assert call.of("Content-Type") == ["text/plain"]


def test_a_body_in_pieces_reaches_the_upstream_whole(gateway, upstream):
    pieces = b"5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"
    answer = gateway.ask("/billing/x", bearer("billing"), "Transfer-Encoding: chunked", method="POST", body=pieces)
    assert assert_passed(answer, upstream, "billing").body == b"hello, world"


def test_a_body_opens_nothing(gateway, upstream):
    body = f"module=catalog&access_token={secret('billing')}".encode()
    form = "Content-Type: application/x-www-form-urlencoded"
    assert_refused(gateway.ask("/billing/", form, method="POST", body=body), upstream, 401)
    assert_refused(gateway.ask("/billing/", form, bearer("catalog"), method="POST", body=body), upstream, 403)


def test_the_upstream_gets_the_clients_headers_but_not_the_secret(gateway, upstream):
    headers = ["Cookie: a=b", "Accept: text/csv", "X-Other: 1", "X-Forwarded-For: 203.0.113.7"]
    answer = gateway.ask("/billing/", bearer("billing"), *headers)
    call = assert_passed(answer, upstream, "billing")
    assert call.of("Authorization") == []
    assert secret("billing") not in str(call.headers)
    assert (call.of("Cookie"), call.of("Accept"), call.of("X-Other")) == (["a=b"], ["text/csv"], ["1"])
    assert call.of("X-Forwarded-For") == ["127.0.0.1"]


def test_nginx_says_itself_by_which_way_a_client_came(gateway, upstream):
    if gateway.name != "nginx":
        pytest.skip("its sample leaves some of these to the upstream's own list of trusted proxies")
    forged = [
        "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https",
        "X-Forwarded-Port: 1", "X-Real-IP: 203.0.113.7", "Forwarded: for=203.0.113.7;host=evil.example",
        "X-Original-URL: /catalog/", "X-Rewrite-URL: /catalog/", "X-Forwarded-Prefix: /catalog",
    ]
    call = assert_passed(gateway.ask("/billing/", *forged, bearer("billing")), upstream, "billing")
    own = f"127.0.0.1:{gateway.port}"
    assert (call.of("Host"), call.of("X-Forwarded-Host")) == ([own], [own])
    assert (call.of("X-Forwarded-For"), call.of("X-Real-IP")) == (["127.0.0.1"], ["127.0.0.1"])
    assert (call.of("X-Forwarded-Proto"), call.of("X-Forwarded-Port")) == (["http"], [str(gateway.port)])
    for gone in ("Forwarded", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix"):
        assert call.of(gone) == []


@pytest.mark.parametrize("name", ["websocket", "WebSocket"])
def test_a_websocket_is_opened_once_the_token_is_good(gateway, upstream, name):
    upgrade = ["Connection: Upgrade", f"Upgrade: {name}"]
    assert_refused(gateway.ask("/billing/", *upgrade, bearer("catalog")), upstream, 403)
    upstream.answer_with = (101, {"Upgrade": "websocket", "Connection": "Upgrade"})
    answer = gateway.ask("/billing/", *upgrade, bearer("billing"))
    assert answer.status == 101
    assert [value.lower() for value in upstream.calls[0].of("Upgrade")] == ["websocket"]
    assert [value.lower() for value in upstream.calls[0].of("Connection")] == ["upgrade"]


def test_nginx_lets_a_client_change_to_no_other_protocol(gateway, upstream):
    if gateway.name != "nginx":
        pytest.skip("its sample leaves this to the upstream, which must not offer HTTP/2 without TLS")
    for name in ("h2c", "websocket, h2c", "TLS/1.0"):
        upstream.forget()
        settings = ["HTTP2-Settings: AAMAAABkAAQAAP__", "Connection: Upgrade, HTTP2-Settings", f"Upgrade: {name}"]
        call = assert_passed(gateway.ask("/billing/", *settings, bearer("billing")), upstream, "billing")
        assert (call.of("Upgrade"), call.of("Connection")) == ([], [])


@pytest.mark.parametrize("status", [201, 302, 401, 403, 404, 429, 500, 502, 503])
def test_what_the_upstream_answers_reaches_the_client_as_it_is(gateway, upstream, status):
    upstream.answer_with = (status, {"WWW-Authenticate": "Upstream", "Retry-After": "77", "Location": "/x"})
    answer = gateway.ask("/billing/", bearer("billing"))
    assert len(upstream.calls) == 1
    assert answer.status == status
    assert (answer.of("WWW-Authenticate"), answer.of("Retry-After")) == (["Upstream"], ["77"])
    assert json.loads(answer.body)["method"] == "GET"


def test_the_access_log_names_the_token_and_never_its_secret(gateway, upstream):
    assert gateway.ask("/reports/traced", bearer("catalog")).status == 200
    until = time.monotonic() + 5
    while not (lines := [line for line in gateway.log().splitlines() if "/reports/traced" in line]):
        assert time.monotonic() < until, gateway.log()
        time.sleep(0.05)
    assert IDS["catalog"] in lines[0]
    assert secret("catalog") not in gateway.log()


def test_latchkey_is_asked_what_the_gateway_is_set_to_ask(agreeing, upstream, gateway):
    with running(gateway.name, agreeing.port, upstream) as asking:
        for path in OPENS:
            forged = ["X-Forwarded-For: 203.0.113.7", "Cookie: a=b", "X_Forwarded_For: 203.0.113.7"]
            asking.ask(f"{path}?module=x&any=y", *forged, bearer("billing"), method="POST", body=b"a body")
    needs = ["module=billing", "module=catalog", "any=billing&any=catalog"]
    assert [call.target for call in agreeing.calls] == [f"/auth/verify?{need}" for need in needs]
    for call in agreeing.calls:
        assert call.of("X-Forwarded-For") == ["127.0.0.1"]
        assert call.of("X_Forwarded_For") == []
        assert f"Authorization: {call.of('Authorization')[0]}" == bearer("billing")
        assert call.of("Cookie") == []
        assert call.body == b""


def test_headers_that_latchkey_does_not_send_are_not_filled_in_by_the_client(agreeing, upstream, gateway):
    with running(gateway.name, agreeing.port, upstream) as asking:
        forged = [f"{spelled}: {FORGED}" for name in TOKEN_HEADERS for spelled in (name, name.replace("-", "_"))]
        assert asking.ask("/billing/", *forged, bearer("billing")).status == 200
    assert said_of_the_token(upstream.calls[0]) in ([], [(name.lower(), "") for name in sorted(TOKEN_HEADERS)])


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 418, 431, 500, 502, 503, 504])
def test_an_answer_that_is_no_yes_lets_nobody_through(agreeing, upstream, gateway, status):
    agreeing.answer_with = (status, {})
    with running(gateway.name, agreeing.port, upstream) as asking:
        answer = asking.ask("/billing/", bearer("billing"))
    assert len(agreeing.calls) == 1
    assert answer.status >= 300
    assert upstream.calls == []


def test_a_head_that_is_too_much_for_latchkey_is_not_sent_there_or_refused(gateway, upstream):
    many = [f"X-Header-{number}: x" for number in range(70)]
    answer = gateway.ask("/billing/", *many, bearer("billing"))
    if gateway.name == "nginx":
        # It sends Latchkey nothing of the client's head but the secret.
        assert_passed(answer, upstream, "billing")
    else:
        assert answer.status == 431
        assert upstream.calls == []


def test_a_token_with_the_longest_name_goes_through(gateway, upstream, latchkey):
    def rename(name: str) -> None:
        address = f"{latchkey.url}/public/v1/accounts/api-tokens/{IDS['both']}"
        client = {"Authorization": f"Bearer {ROBOTS['client']['secret']}"}
        answer = httpx.put(address, json={"name": name}, headers=client, trust_env=False)
        assert answer.status_code == 200, answer.text

    longest = "\U0001f511" * 200
    rename(longest)
    try:
        assert gateway.ask("/billing/", bearer("both")).status == 200
        assert unquote(upstream.calls[0].of("X-Token-Name")[0]) == longest
    finally:
        rename(NAME)


def test_nobody_gets_through_while_latchkey_is_away(gateway, upstream, latchkey):
    latchkey.go_away()
    try:
        for path in OPENS:
            assert_refused(gateway.ask(path, bearer("both")), upstream, 503)
            assert_refused(gateway.ask(path), upstream, 503)
    finally:
        latchkey.come_back()
    assert_passed(gateway.ask("/billing/", bearer("billing")), upstream, "billing")


def test_nobody_gets_through_while_latchkey_is_silent(gateway, upstream, latchkey):
    began = time.monotonic()
    os.kill(latchkey.pid, signal.SIGSTOP)
    try:
        answer = gateway.ask("/billing/", bearer("both"))
    finally:
        os.kill(latchkey.pid, signal.SIGCONT)
    assert_refused(answer, upstream, 503)
    assert time.monotonic() - began < 10
    assert_passed(gateway.ask("/billing/", bearer("billing")), upstream, "billing")


def test_too_many_requests_are_429(gateway, upstream, strict_latchkey):
    with running(gateway.name, port_of(strict_latchkey), upstream) as asking:
        asking.ask("/billing/", bearer("billing"))
        upstream.forget()
        assert_refused(asking.ask("/billing/", bearer("billing")), upstream, 429)


def test_clients_of_a_trusted_gateway_have_no_limit_in_common(gateway, upstream):
    lenient = Server(provision(), {"LATCHKEY_RATE_LIMIT_ADDRESS": "1", "LATCHKEY_TRUSTED_PROXIES": "127.0.0.1"})
    try:
        with running(gateway.name, port_of(lenient), upstream) as asking:
            assert [asking.ask("/billing/", bearer("billing")).status for _ in range(10)] == [200] * 10
    finally:
        lenient.stop()


def test_a_token_that_is_disabled_opens_nothing_from_the_next_request_on(gateway, upstream, latchkey):
    client = blocking(latchkey.url, ROBOTS["client"]["secret"])
    try:
        tokens = client.accounts.api_tokens
        made = tokens.create({"account": {"id": CLIENT}, "name": "Behind a gateway", "modules": [{"id": BILLING}]})
        header = f"Authorization: Bearer {made.token}"
        for _ in range(3):
            assert gateway.ask("/billing/", header).status == 200
            tokens.disable(made.id)
            upstream.forget()
            assert_refused(gateway.ask("/billing/", header), upstream, 401)
            tokens.enable(made.id)
        assert gateway.ask("/billing/", header).status == 200
        tokens.update(made.id, {"modules": []})
        upstream.forget()
        assert_refused(gateway.ask("/billing/", header), upstream, 403)
    finally:
        client.http_client.httpx_client.close()
