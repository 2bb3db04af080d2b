"""Lists: pages, one row, all rows, order, and which members go out."""

import pytest
from installation import CROWD_SIZE, ODD_NAMES, ROBOTS, SHELF, SHELVED
from mpt_api_client import RQLQuery
from mpt_api_client.exceptions import MPTAPIError

SHELF_SIZE = len(SHELVED) + 1


def test_a_page_has_a_hundred_rows_and_tells_the_total(crowd):
    page = crowd.accounts.api_tokens.fetch_page()
    assert len(page) == 100
    assert (page.meta.pagination.limit, page.meta.pagination.offset) == (100, 0)
    assert page.meta.pagination.total == CROWD_SIZE
    assert page.meta.omitted == ["audit"]


def test_a_page_begins_where_it_is_asked_to(crowd):
    ordered = crowd.accounts.api_tokens.order_by("id")
    whole = [token.id for token in ordered.iterate()]
    page = ordered.fetch_page(limit=10, offset=225)
    assert [token.id for token in page] == whole[225:]
    assert (page.meta.pagination.limit, page.meta.pagination.offset) == (10, 225)
    assert len(ordered.fetch_page(offset=CROWD_SIZE)) == 0


def test_a_page_of_no_rows_counts(crowd):
    page = crowd.accounts.api_tokens.fetch_page(limit=0)
    assert (len(page), page.meta.pagination.total) == (0, CROWD_SIZE)


def test_a_page_is_capped_and_says_so(crowd):
    page = crowd.accounts.api_tokens.fetch_page(limit=1000)
    assert len(page) == page.meta.pagination.limit == 100


@pytest.mark.parametrize(("limit", "offset"), [(-1, 0), (10, -1), ("ten", 0)])
def test_a_page_that_cannot_be_is_400(crowd, limit, offset):
    with pytest.raises(MPTAPIError, match="400 Bad Request") as caught:
        crowd.accounts.api_tokens.fetch_page(limit=limit, offset=offset)
    assert caught.value.errors


@pytest.mark.parametrize("batch", [7, 100, 1000])
def test_every_row_comes_once_whatever_the_batch(crowd, batch):
    ids = [token.id for token in crowd.accounts.api_tokens.iterate(batch_size=batch)]
    assert len(ids) == len(set(ids)) == CROWD_SIZE


def test_fetch_one_wants_exactly_one(shelf):
    named = shelf.accounts.api_tokens.filter(RQLQuery(name="O'Brien")).fetch_one()
    assert named.name == "O'Brien"
    with pytest.raises(ValueError, match="got zero results"):
        shelf.accounts.api_tokens.filter(RQLQuery(name="Nobody")).fetch_one()
    with pytest.raises(ValueError, match=f"got {SHELF_SIZE} results"):
        shelf.accounts.api_tokens.fetch_one()


def test_rows_come_in_the_order_that_is_asked_for(shelf):
    oldest = [token.name for token in shelf.accounts.api_tokens.order_by("+audit.created.at").iterate()]
    assert oldest == [ROBOTS["shelf"]["name"], *ODD_NAMES, "Same", "Other"]
    latest = [token.name for token in shelf.accounts.api_tokens.order_by("-audit.created.at").iterate()]
    assert latest == oldest[::-1]
    both = shelf.accounts.api_tokens.order_by("status", "-id").iterate()
    assert [token.id for token in both] == sorted(
        (row["id"] for row in [*SHELVED, ROBOTS["shelf"]] if row.get("status") is None), reverse=True
    ) + ["TKN-0005-0102"]


@pytest.mark.parametrize("field", ["bogus", "modules", "token", "account"])
def test_an_order_by_no_field_is_400(shelf, field):
    with pytest.raises(MPTAPIError, match="400 Bad Request") as caught:
        shelf.accounts.api_tokens.order_by(field).fetch_page()
    assert caught.value.errors


def test_a_selection_adds_to_what_goes_out(shelf):
    token = shelf.accounts.api_tokens.filter(RQLQuery(name="Same")).select("+audit").fetch_one()
    assert token.audit.created.at == "2026-02-01T00:00:00.000Z"
    assert (token.name, token.account.id, token.status) == ("Same", SHELF, "Active")
    page = shelf.accounts.api_tokens.select("audit").fetch_page(limit=1)
    assert page.meta.omitted == []


def test_a_selection_takes_away_what_is_not_wanted(shelf):
    same = shelf.accounts.api_tokens.filter(RQLQuery(name="Same"))
    token = same.select("-description").fetch_one()
    assert not hasattr(token, "description")
    assert token.name == "Same"
    assert set(same.select("-description").fetch_page().meta.omitted) == {"audit", "description"}


def test_a_selection_of_nothing_but_names_keeps_the_id(shelf):
    same = shelf.accounts.api_tokens.filter(RQLQuery(name="Same"))
    assert same.select("-*", "name").fetch_one().to_dict() == {"id": "TKN-0005-0101", "name": "Same"}
    assert same.select("name", "-*").fetch_one().to_dict() == {"id": "TKN-0005-0101", "name": "Same"}


def test_a_selection_reaches_inside(shelf):
    named = shelf.accounts.api_tokens.filter(RQLQuery(name="Ab c"))
    token = named.select("-*", "+modules.id", "+modules.name", "audit.created.at").fetch_one()
    assert token.to_dict() == {
        "id": "TKN-0005-0001", "modules": [{"id": "MOD-0478", "name": "Billing"}],
        "audit": {"created": {"at": "2026-01-01T12:00:00.000Z"}},
    }


def test_a_selection_of_an_unknown_name_is_passed_over(shelf):
    assert shelf.accounts.api_tokens.select("bogus").fetch_page(limit=1).meta.omitted == ["audit"]


@pytest.mark.parametrize("select", [["+audit", "-name"], "+audit,-name"])
def test_a_single_token_is_selected_from_as_well(shelf, select):
    token = shelf.accounts.api_tokens.get("TKN-0005-0101", select=select)
    assert token.audit.created.at
    assert not hasattr(token, "name")
    assert token.meta.omitted == ["name"]


def test_a_single_token_says_what_was_left_out(shelf):
    token = shelf.accounts.api_tokens.get("TKN-0005-0101")
    assert (token.description, token.meta.omitted) == ("Same", ["audit"])
    assert not hasattr(token, "audit")


def test_render_is_passed_over_where_there_is_nothing_to_render(shelf):
    rendered = shelf.accounts.api_tokens.options(render=True)
    assert rendered.get("TKN-0005-0101").name == "Same"
    assert rendered.fetch_page().meta.pagination.total == SHELF_SIZE
