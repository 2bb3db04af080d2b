"""A token's life, from its creation to its end, and the token that is presented."""


import pytest
from installation import ACCESS, AUDIT, BILLING, CLIENT, OPERATIONS, SHELF
from mpt_api_client.exceptions import MPTAPIError


def body(**changes: object) -> dict:
    """The body that clients of the platform send to create a token."""
    return {
        "account": {"id": CLIENT}, "name": "Made robot", "description": "Made by a test", "icon": "",
        "modules": [{"id": BILLING}],
    } | changes


def test_a_created_token_shows_its_secret_once(client, connect):
    made = client.accounts.api_tokens.create(body(modules=[{"id": ACCESS}, {"id": BILLING}]))
    assert made.token.startswith("lk_")
    assert (made.name, made.description, made.status, made.revision) == ("Made robot", "Made by a test", "Active", 1)
    assert made.account.to_dict() == {"id": CLIENT, "name": "Stark Industries", "type": "Client", "status": "Active"}
    assert {module.id for module in made.modules} == {ACCESS, BILLING}
    assert made.meta.omitted == ["audit"]
    read = client.accounts.api_tokens.get(made.id)
    assert not hasattr(read, "token")
    assert read.to_dict() == {name: value for name, value in made.to_dict().items() if name != "token"}
    assert connect(made.token).accounts.api_tokens.get(made.id).id == made.id


def test_a_token_needs_no_more_than_a_name_and_its_account(client):
    made = client.accounts.api_tokens.create({"account": {"id": CLIENT}, "name": "Plain"})
    assert made.revision == 1
    assert not hasattr(made, "description")
    assert not hasattr(made, "icon")
    assert client.accounts.api_tokens.create(body(description=None, icon=None, modules=None)).status == "Active"
    assert client.accounts.api_tokens.create(body(modules=[])).to_dict()["modules"] == []


def test_names_and_descriptions_of_any_language_come_back_as_they_were_sent(client):
    name, description = "Zürich 東京 😀 O'Brien", "First line\nsecond: \"ü\" & <b>"
    made = client.accounts.api_tokens.create(body(name=name, description=description))
    read = client.accounts.api_tokens.get(made.id)
    assert (read.name, read.description) == (name, description)


def test_an_update_with_the_whole_create_body_changes_what_differs(client):
    made = client.accounts.api_tokens.create(body())
    changed = client.accounts.api_tokens.update(made.id, body(name="Renamed", modules=[{"id": BILLING}, {"id": AUDIT}]))
    assert (changed.id, changed.name, changed.revision) == (made.id, "Renamed", 2)
    assert changed.description == made.description
    assert {module.id for module in changed.modules} == {BILLING, AUDIT}
    assert not hasattr(changed, "token")


def test_an_update_leaves_what_it_does_not_name(client):
    made = client.accounts.api_tokens.create(body())
    changed = client.accounts.api_tokens.update(made.id, {"name": "Renamed"})
    assert (changed.name, changed.description) == ("Renamed", made.description)
    assert [module.id for module in changed.modules] == [BILLING]


def test_an_update_with_null_takes_the_description_away(client):
    made = client.accounts.api_tokens.create(body())
    assert not hasattr(client.accounts.api_tokens.update(made.id, {"description": None}), "description")


def test_a_token_can_be_sent_back_as_it_was_read(client):
    made = client.accounts.api_tokens.create(body())
    read = client.accounts.api_tokens.get(made.id, select=["+audit"])
    changed = client.accounts.api_tokens.update(made.id, read.to_dict())
    assert changed.revision == 1


def test_an_update_names_no_other_account(client):
    made = client.accounts.api_tokens.create(body())
    changed = client.accounts.api_tokens.update(made.id, body(name="Stays", account={"id": SHELF}))
    assert (changed.name, changed.account.id) == ("Stays", CLIENT)


def test_disable_and_enable_turn_a_token_off_and_on(client):
    made = client.accounts.api_tokens.create(body())
    off = client.accounts.api_tokens.disable(made.id)
    assert (off.id, off.status, off.revision) == (made.id, "Disabled", 2)
    on = client.accounts.api_tokens.enable(made.id)
    assert (on.id, on.status, on.revision) == (made.id, "Active", 3)


def test_disable_passes_over_a_body(client):
    made = client.accounts.api_tokens.create(body())
    assert client.accounts.api_tokens.disable(made.id, {"id": made.id, "status": "Active"}).status == "Disabled"


@pytest.mark.parametrize(("before", "step"), [("enable", "enable"), ("disable", "disable")])
def test_a_step_that_was_taken_already_is_400(client, before, step):
    made = client.accounts.api_tokens.create(body())
    if before == "disable":
        client.accounts.api_tokens.disable(made.id)
    with pytest.raises(MPTAPIError, match="400 Bad Request") as caught:
        getattr(client.accounts.api_tokens, step)(made.id)
    assert "already" in caught.value.detail


def test_a_deleted_token_is_gone_for_its_account(client):
    made = client.accounts.api_tokens.create(body())
    client.accounts.api_tokens.delete(made.id)
    for ask in ("get", "enable", "disable", "delete"):
        with pytest.raises(MPTAPIError, match="404 Not Found"):
            getattr(client.accounts.api_tokens, ask)(made.id)
    with pytest.raises(MPTAPIError, match="404 Not Found"):
        client.accounts.api_tokens.update(made.id, body())


def test_a_deleted_token_is_kept_for_operations_and_changes_no_more(client, operations):
    made = client.accounts.api_tokens.create(body())
    client.accounts.api_tokens.delete(made.id)
    assert operations.accounts.api_tokens.get(made.id).status == "Deleted"
    for step in ("enable", "disable", "delete"):
        with pytest.raises(MPTAPIError, match="400 Bad Request"):
            getattr(operations.accounts.api_tokens, step)(made.id)
    with pytest.raises(MPTAPIError, match="400 Bad Request"):
        operations.accounts.api_tokens.update(made.id, body(name="Again"))


def test_operations_create_tokens_for_other_accounts(operations, client):
    made = operations.accounts.api_tokens.create(body(name="From outside"))
    assert client.accounts.api_tokens.get(made.id).name == "From outside"


def test_the_audit_of_a_token_tells_when_and_by_whom(client):
    made = client.accounts.api_tokens.create(body())
    client.accounts.api_tokens.disable(made.id)
    audit = client.accounts.api_tokens.get(made.id, select=["+audit"]).audit
    assert audit.created.by.name == audit.disabled.by.name == "The client robot"
    assert audit.created.at.endswith("Z")
    assert not hasattr(audit, "enabled")


@pytest.mark.parametrize(("end", "again"), [("disable", "enable"), ("delete", None)])
def test_a_token_stops_working_on_the_next_call(client, connect, end, again):
    made = client.accounts.api_tokens.create(body(modules=[{"id": ACCESS}]))
    presenting = connect(made.token)
    assert presenting.accounts.api_tokens.get(made.id).status == "Active"
    getattr(client.accounts.api_tokens, end)(made.id)
    with pytest.raises(MPTAPIError, match="401 Authentication Failed"):
        presenting.accounts.api_tokens.get(made.id)
    if again:
        getattr(client.accounts.api_tokens, again)(made.id)
        assert presenting.accounts.api_tokens.get(made.id).status == "Active"


def test_the_last_access_of_a_token_shows_right_after_it(client, connect):
    made = client.accounts.api_tokens.create(body(modules=[{"id": ACCESS}]))
    assert not hasattr(made, "last_access_at")
    connect(made.token).accounts.api_tokens.get(made.id)
    read = client.accounts.api_tokens.get(made.id)
    assert read.last_access_at.endswith("Z")
    assert read.revision == 1


def test_a_token_can_disable_itself(client, connect):
    made = client.accounts.api_tokens.create(body(modules=[{"id": ACCESS}]))
    presenting = connect(made.token)
    assert presenting.accounts.api_tokens.disable(made.id).status == "Disabled"
    with pytest.raises(MPTAPIError, match="401 Authentication Failed"):
        presenting.accounts.api_tokens.fetch_page()


def test_accounts_do_not_see_each_others_tokens(client, vendor):
    made = client.accounts.api_tokens.create(body())
    for ask in ("get", "disable", "delete"):
        with pytest.raises(MPTAPIError, match="404 Not Found"):
            getattr(vendor.accounts.api_tokens, ask)(made.id)
    assert made.id not in {token.id for token in vendor.accounts.api_tokens.iterate()}
    assert client.accounts.api_tokens.get(made.id).status == "Active"


@pytest.mark.parametrize("account", [SHELF, OPERATIONS])
def test_a_token_is_not_created_in_somebody_elses_account(client, account):
    with pytest.raises(MPTAPIError, match="403 Forbidden") as caught:
        client.accounts.api_tokens.create(body(account={"id": account}))
    assert list(caught.value.errors) == ["account.id"]
