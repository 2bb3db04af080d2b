"""The asynchronous client as it is meant to be used: many calls at once."""

import asyncio

from installation import BILLING, CLIENT, ROBOTS
from mpt_api_client import AsyncMPTClient, BearerTokenAuthentication, RQLQuery

AT_ONCE = 30


def connected(server) -> AsyncMPTClient:
    return AsyncMPTClient.from_config(BearerTokenAuthentication(ROBOTS["client"]["secret"]), base_url=server.url)


def test_many_tokens_are_created_at_once(server, runner):
    async def run() -> None:
        client = connected(server)
        tokens = client.accounts.api_tokens
        async with client.http_client.httpx_client:
            bodies = [
                {"account": {"id": CLIENT}, "name": f"At once {number}", "modules": [{"id": BILLING}]}
                for number in range(AT_ONCE)
            ]
            made = await asyncio.gather(*map(tokens.create, bodies))
            assert len({token.id for token in made}) == len({token.token for token in made}) == AT_ONCE
            read = await asyncio.gather(*(tokens.get(token.id) for token in made))
            assert [token.name for token in read] == [body["name"] for body in bodies]
            await asyncio.gather(*(tokens.delete(token.id) for token in made))
            left = await tokens.filter(RQLQuery(name__like="At once *")).fetch_page()
            assert left.meta.pagination.total == 0

    runner.run(run())


def test_of_many_changes_at_once_each_has_a_revision_of_its_own(server, runner):
    async def run() -> None:
        client = connected(server)
        tokens = client.accounts.api_tokens
        async with client.http_client.httpx_client:
            made = await tokens.create({"account": {"id": CLIENT}, "name": "Contended"})
            changed = await asyncio.gather(
                *(tokens.update(made.id, {"name": f"Contended {number}"}) for number in range(AT_ONCE))
            )
            assert (await tokens.get(made.id)).revision == 1 + AT_ONCE
            assert sorted(token.revision for token in changed) == list(range(2, 2 + AT_ONCE))

    runner.run(run())


def test_a_stream_and_pages_are_read_at_the_same_time(server, runner):
    async def run() -> None:
        client = AsyncMPTClient.from_config(BearerTokenAuthentication(ROBOTS["crowd"]["secret"]), base_url=server.url)
        tokens = client.accounts.api_tokens.order_by("id").select("-*")
        async with client.http_client.httpx_client:
            streamed = []
            async for token in tokens.stream():
                streamed.append(token.id)
                if len(streamed) % 50 == 1:
                    page = await tokens.fetch_page(limit=1, offset=len(streamed) - 1)
                    assert page[0].id == token.id
            assert streamed == [token.id async for token in tokens.iterate()]

    runner.run(run())
