"""Starts the server once, and hands out clients that present a token's secret."""

import asyncio
import functools
import os
from collections.abc import Callable, Iterator

import pytest
from both import blocking, waiting
from installation import ROBOTS, provision
from server import Server

# A proxy of the developer's has nothing to do with a server on this machine.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server that tests share."""
    started = Server(provision())
    yield started
    started.stop()


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server for one file of tests, which may do to it what they like."""
    started = Server(provision())
    yield started
    started.stop()


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    """The event loop of all asynchronous clients."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session", params=["blocking", "asynchronous"])
def connect(request: pytest.FixtureRequest, server: Server, runner: asyncio.Runner) -> Iterator[Callable]:
    """Makes clients that present a secret; each test runs with both halves of the client."""

    @functools.cache
    def connect(secret: str, url: str = server.url) -> object:
        client = blocking(url, secret) if request.param == "blocking" else waiting(url, secret, runner)
        made.append(client.http_client.httpx_client)
        return client

    made = []
    yield connect
    for http in made:
        http.close() if request.param == "blocking" else http.aclose()


@pytest.fixture
def console_of(connect: Callable) -> Callable:
    """Makes clients that present the token of one of the robots."""
    return lambda word: connect(ROBOTS[word]["secret"])


@pytest.fixture
def operations(console_of: Callable) -> object:
    """A client with a token that acts in all accounts."""
    return console_of("operations")


@pytest.fixture
def client(console_of: Callable) -> object:
    """A client with a token of a Client account."""
    return console_of("client")


@pytest.fixture
def vendor(console_of: Callable) -> object:
    """A client with a token of a Vendor account."""
    return console_of("vendor")


@pytest.fixture
def crowd(console_of: Callable) -> object:
    """A client with a token of the account that has more tokens than a page has rows."""
    return console_of("crowd")


@pytest.fixture
def shelf(console_of: Callable) -> object:
    """A client with a token of the account that no test changes."""
    return console_of("shelf")
