"""One face for the client's two halves, so that every test runs with the blocking and with the asynchronous one."""

import asyncio
import inspect

from mpt_api_client import AsyncMPTClient, BearerTokenAuthentication, MPTClient
from mpt_api_client.http import AsyncService


class Waiting:
    """Wraps a part of the asynchronous client: what it would await is waited for, what it yields becomes a list."""

    def __init__(self, part: object, runner: asyncio.Runner) -> None:
        self._part = part
        self._runner = runner

    def __getattr__(self, name: str) -> object:
        found = getattr(self._part, name)
        if not callable(found):
            return Waiting(found, self._runner)
        return lambda *args, **kwargs: self._settled(found(*args, **kwargs))

    def _settled(self, answer: object) -> object:
        if inspect.isasyncgen(answer):
            return self._runner.run(drained(answer))
        if inspect.iscoroutine(answer):
            return self._runner.run(answer)
        return Waiting(answer, self._runner) if isinstance(answer, AsyncService) else answer


async def drained(rows: object) -> list:
    return [row async for row in rows]


def blocking(url: str, secret: str) -> MPTClient:
    """The blocking client, as its own documentation makes it."""
    return MPTClient.from_config(BearerTokenAuthentication(secret), base_url=url)


def waiting(url: str, secret: str, runner: asyncio.Runner) -> Waiting:
    """The asynchronous client behind the same face."""
    return Waiting(AsyncMPTClient.from_config(BearerTokenAuthentication(secret), base_url=url), runner)
