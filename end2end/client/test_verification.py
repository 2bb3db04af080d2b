"""Verification by a server as it runs: what happens beside it, to its database, and on the wire."""

import fcntl
import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from gateway_installation import IDS, bearer, provision, secret
from server import Server, binary, free_port

# Longer than anything here takes; a test that waits so long has failed.
PATIENCE = 30.0
# The bytes of the file beside an SQLite database with which its users tell each other that they read or write.
LOCKS = (120, 8)


@pytest.fixture
def latchkey() -> Iterator[Server]:
    """A server of one's own, with figures."""
    started = Server(provision(), {"LATCHKEY_METRICS_LISTEN": f"127.0.0.1:{free_port()}"})
    yield started
    started.stop()


def status(server: Server, word: str, query: str = "") -> int:
    """What a gateway hears of a token."""
    header = {"Authorization": f"Bearer {secret(word)}"}
    return httpx.get(f"{server.url}/auth/verify{query}", headers=header, trust_env=False).status_code


def wait_until(is_so: Callable[[], bool]) -> None:
    """Asks again and again."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < PATIENCE, "it did not come to pass"
        time.sleep(0.02)


def command(server: Server, *arguments: str) -> str:
    """Runs a command beside the server, on the same data."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LATCHKEY_")}
    settings = inherited | {"LATCHKEY_DATA_DIR": str(server.data)}
    ran = subprocess.run(
        [binary(), *arguments], env=settings, cwd=server.data, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        timeout=PATIENCE,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_command_beside_the_server_is_heard_of(latchkey):
    # That it is within two seconds cannot be measured on a machine that has other work: a test of housekeeping.rs
    # compares how often the server looks with that promise.
    assert status(latchkey, "billing", "?module=billing") == 200
    command(latchkey, "token", "disable", IDS["billing"])
    wait_until(lambda: status(latchkey, "billing", "?module=billing") == 401)
    command(latchkey, "token", "enable", IDS["billing"])
    wait_until(lambda: status(latchkey, "billing", "?module=billing") == 200)


@contextmanager
def nobody_reads(data: Path) -> Iterator[None]:
    """Keeps everybody else from reading the database."""
    length, start = LOCKS[1], LOCKS[0]
    with (data / "latchkey.db-shm").open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX, length, start)
        yield
        fcntl.lockf(file, fcntl.LOCK_UN, length, start)


def test_without_the_database_nobody_is_let_in_and_with_it_all_is_well_without_a_restart(latchkey):
    assert status(latchkey, "billing") == 200
    with nobody_reads(latchkey.data):
        wait_until(lambda: status(latchkey, "billing") == 503)
        # Neither good nor bad can be said of anybody.
        assert [status(latchkey, word) for word in ("billing", "catalog", "off", "nobody's")] == [503] * 4
        answer = httpx.get(f"{latchkey.url}/auth/verify", trust_env=False)
        assert answer.status_code == 401
        assert httpx.get(f"{latchkey.url}/livez", trust_env=False).status_code == 200
        assert httpx.get(f"{latchkey.url}/readyz", trust_env=False).status_code == 503
    wait_until(lambda: status(latchkey, "billing") == 200)
    assert [status(latchkey, word) for word in ("catalog", "off", "nobody's")] == [200, 401, 401]
    assert latchkey.log().count("changes cannot be read") == 1
    assert latchkey.log().count("changes can be read again") == 1


def test_the_last_uses_are_written_before_the_server_ends(latchkey):
    for _ in range(5):
        assert status(latchkey, "billing", "?module=billing") == 200
    assert status(latchkey, "off") == 401
    latchkey.go_away()
    uses = json.loads(command(latchkey, "token", "uses", IDS["billing"], "--json"))
    assert [(use["module"]["code"], use["outcome"]) for use in uses] == [("billing", "allowed")]
    assert sum(use["uses"] for use in uses) == 5
    assert json.loads(command(latchkey, "token", "uses", IDS["off"], "--json"))[0]["outcome"] == "inactive"
    latchkey.come_back()


def test_figures_are_served_apart_from_everything_else(latchkey):
    status(latchkey, "billing")
    status(latchkey, "billing", "?module=billling")
    scraped = httpx.get(f"http://{latchkey.settings['LATCHKEY_METRICS_LISTEN']}/metrics", trust_env=False)
    assert 'latchkey_verifications_total{outcome="allowed"} 1' in scraped.text
    assert 'latchkey_verifications_total{outcome="unknown_module"} 1' in scraped.text
    assert httpx.get(f"{latchkey.url}/metrics", trust_env=False).status_code == 404


def ask(server: Server, request: bytes) -> list[int]:
    """The statuses with which raw requests are answered, until the server closes the connection."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    # A body that ends without a line break has the next answer behind it.
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def test_a_body_is_not_waited_for(latchkey):
    head = f"POST /auth/verify HTTP/1.1\r\nHost: x\r\n{bearer('billing')}\r\nContent-Length: 1000000\r\n\r\n"
    assert ask(latchkey, head.encode())[0] == 200


def test_a_head_that_is_too_large_is_refused_and_others_go_on(latchkey):
    head = f"GET /auth/verify HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {'x' * 1_000_000}\r\n\r\n"
    try:
        assert ask(latchkey, head.encode()) == [431]
    except (ConnectionResetError, BrokenPipeError):
        # It was closed while we were still sending.
        pass
    assert status(latchkey, "billing") == 200


def test_requests_one_after_the_other_on_one_connection_are_told_apart(latchkey):
    questions = [bearer("billing"), "X-Nothing: x", bearer("off"), bearer("catalog")]
    heads = [f"GET /auth/verify?module=billing HTTP/1.1\r\nHost: x\r\n{line}\r\n" for line in questions]
    heads[-1] += "Connection: close\r\n"
    assert ask(latchkey, "".join(head + "\r\n" for head in heads).encode()) == [200, 401, 401, 403]
