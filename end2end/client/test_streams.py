"""All rows in one answer: the client's streaming read."""

import pytest
from installation import CROWD_SIZE, ODD_NAMES
from mpt_api_client import RQLQuery
from mpt_api_client.exceptions import MPTAPIError
from mpt_api_client.http.mixins.streaming_mixin import StreamFormat

FORMATS = pytest.mark.parametrize("format", list(StreamFormat))


@FORMATS
def test_a_stream_has_every_row_once(crowd, format):
    # The last access of the token that asks rises from one call to the next.
    tokens = crowd.accounts.api_tokens.select("-lastAccessAt")
    streamed = list(tokens.stream(stream_format=format))
    assert len(streamed) == CROWD_SIZE
    assert {token.id: token.to_dict() for token in streamed} == {
        token.id: token.to_dict() for token in tokens.iterate()
    }


@FORMATS
def test_a_stream_takes_filter_order_and_selection(shelf, format):
    tokens = shelf.accounts.api_tokens.filter(RQLQuery(name__ilike="*token*")).order_by("-name").select("-*", "name")
    assert [token.to_dict() for token in tokens.stream(stream_format=format)] == [
        {"id": "TKN-0005-0018", "name": "token two"}, {"id": "TKN-0005-0017", "name": "Token one"},
    ]


@FORMATS
@pytest.mark.parametrize(("limit", "count"), [(0, 0), (1, 1), (120, 120), (1000, CROWD_SIZE), (-1, CROWD_SIZE)])
def test_a_stream_stops_at_its_limit(crowd, format, limit, count):
    ordered = crowd.accounts.api_tokens.order_by("id")
    streamed = [token.id for token in ordered.stream(limit=limit, stream_format=format)]
    assert streamed == [token.id for token in ordered.iterate()][:count]


@FORMATS
def test_a_stream_of_nothing_has_no_rows(shelf, format):
    nobody = shelf.accounts.api_tokens.filter(RQLQuery(name="Nobody"))
    assert list(nobody.stream(stream_format=format)) == []


@FORMATS
def test_a_stream_brings_names_of_any_language(shelf, format):
    ordered = shelf.accounts.api_tokens.order_by("audit.created.at")
    assert [token.name for token in ordered.stream(stream_format=format)][1:-2] == ODD_NAMES


@FORMATS
def test_a_stream_begins_with_the_first_row(crowd, format):
    assert len(list(crowd.accounts.api_tokens.stream(offset=0, stream_format=format))) == CROWD_SIZE
    with pytest.raises(MPTAPIError, match="400 Bad Request"):
        list(crowd.accounts.api_tokens.stream(offset=2, stream_format=format))


@FORMATS
@pytest.mark.parametrize("text", ["bogus=1", "eq(name,a", "token=x"])
def test_a_stream_with_a_wrong_filter_is_400(crowd, format, text):
    with pytest.raises(MPTAPIError, match="400 Bad Request") as caught:
        list(crowd.accounts.api_tokens.filter(RQLQuery.from_string(text)).stream(stream_format=format))
    assert caught.value.errors


@FORMATS
def test_a_stream_with_a_wrong_token_is_401(connect, format):
    with pytest.raises(MPTAPIError, match="401 Authentication Failed"):
        list(connect("TKN-invalid").accounts.api_tokens.stream(stream_format=format))


@FORMATS
@pytest.mark.parametrize("list_of", ["accounts.modules", "audit.records", "audit.event_types"])
def test_every_list_can_be_streamed(operations, format, list_of):
    area, name = list_of.split(".")
    rows = getattr(getattr(operations, area), name).order_by("id")
    # Reading is not recorded, so the two have the same rows.
    streamed = [row.to_dict() for row in rows.stream(stream_format=format)]
    assert streamed == [row.to_dict() for row in rows.iterate()]
    assert streamed


def test_a_stream_of_records_takes_a_filter_and_render(operations):
    tokens = operations.audit.records.filter(RQLQuery(event="platform.accounts.token.created")).options(render=True)
    streamed = list(tokens.stream(limit=3))
    assert len(streamed) == 3
    assert {record.event for record in streamed} == {"platform.accounts.token.created"}
