"""What goes wrong, as the client reads it."""

import pytest
from installation import BILLING, CLIENT, ROBOTS
from mpt_api_client.exceptions import MPTAPIError

RESOURCES = ["accounts.api_tokens", "accounts.modules", "audit.records", "audit.event_types"]
# Tokens as they are not, which are all refused in the same way; the last has a wrong checksum.
UNKNOWN = ["TKN-invalid", "x", "idt:TKN-0001-0002:abc", ROBOTS["client"]["secret"][:-1] + "!", "lk_" + "0" * 36]


def service(console: object, name: str) -> object:
    area, resource = name.split(".")
    return getattr(getattr(console, area), resource)


@pytest.mark.parametrize("secret", [*UNKNOWN, ROBOTS["disabled"]["secret"]])
@pytest.mark.parametrize("name", [*RESOURCES, "catalog.products", "commerce.orders", "accounts.users"])
def test_a_token_that_is_not_good_is_401_everywhere(connect, secret, name):
    with pytest.raises(MPTAPIError, match="401 Authentication Failed") as caught:
        service(connect(secret), name).fetch_page()
    assert caught.value.status_code == 401
    assert caught.value.trace_id


@pytest.mark.parametrize("name", ["catalog.products", "commerce.orders", "accounts.users"])
def test_what_the_server_does_not_have_is_404(client, name):
    with pytest.raises(MPTAPIError, match="404 Not Found"):
        service(client, name).fetch_page()


@pytest.mark.parametrize("name", RESOURCES)
@pytest.mark.parametrize("id", [
    "TKN-9999-9999", "MOD-9999", "AUD-9999-9999-9999-9999", "AET-9999-9999", "EVT-000-000", "REC-000-000-000",
    "TKN-0000-0000", "tkn", "../x y", "%00", "ü", "1", "x" * 1000, "' OR 1=1 --",
])
def test_an_id_that_nothing_has_is_404(operations, name, id):
    with pytest.raises(MPTAPIError, match="404 Not Found") as caught:
        service(operations, name).get(id)
    assert caught.value.title == "Not Found"


@pytest.mark.parametrize("id", ["TKN-9999-9999", "TKN-invalid", "tkn", "%2e%2e"])
def test_a_token_that_nobody_has_cannot_be_changed(operations, id):
    tokens = operations.accounts.api_tokens
    for change in (tokens.enable, tokens.disable, tokens.delete, lambda id: tokens.update(id, {"name": "x"})):
        with pytest.raises(MPTAPIError, match="404 Not Found"):
            change(id)


def test_an_event_type_that_nobody_has_cannot_be_changed(vendor):
    for id in ("AET-9999-9999", "EVT-000-000"):
        with pytest.raises(MPTAPIError, match="404 Not Found"):
            vendor.audit.event_types.update(id, {"name": "x"})


@pytest.mark.parametrize("who", ["operations", "client"])
@pytest.mark.parametrize(("change", "field"), [
    ({"name": None}, "name"),
    ({"name": ""}, "name"),
    ({"name": " \t "}, "name"),
    ({"name": "x" * 201}, "name"),
    ({"name": "a\u0000b"}, "name"),
    ({"name": 7}, "name"),
    ({"description": "x" * 2001}, "description"),
    ({"modules": [{"id": "MOD-9999"}]}, "modules"),
    ({"modules": [{"id": "billing"}]}, "modules"),
    ({"modules": [{"id": "MOD-1757"}]}, "modules"),
    ({"account": None}, "account.id"),
    ({"account": {"id": "x"}}, "account.id"),
    ({"icon": "data:image/png;base64,AAAA"}, "icon"),
])
def test_a_token_with_a_wrong_field_is_400_and_says_which(console_of, who, change, field):
    tokens = console_of(who).accounts.api_tokens
    wrong = {"account": {"id": CLIENT}, "name": "Robot", "modules": [{"id": BILLING}]} | change
    with pytest.raises(MPTAPIError, match="400 Bad Request") as caught:
        tokens.create(wrong)
    assert list(caught.value.errors) == [field]
    assert all(isinstance(message, str) for message in caught.value.errors[field])


def test_every_wrong_field_is_named_at_once(client):
    with pytest.raises(MPTAPIError, match="400 Bad Request") as caught:
        client.accounts.api_tokens.create({"account": {"id": CLIENT}, "name": "", "description": "x" * 2001})
    assert set(caught.value.errors) == {"name", "description"}


@pytest.mark.parametrize(("change", "field"), [
    ({"name": ""}, "name"), ({"name": None}, "name"), ({"description": "x" * 2001}, "description"),
    ({"modules": [{"id": "MOD-9999"}]}, "modules"),
])
def test_an_update_with_a_wrong_field_changes_nothing(client, change, field):
    made = client.accounts.api_tokens.create({"account": {"id": CLIENT}, "name": "Robot", "description": "Before"})
    with pytest.raises(MPTAPIError, match="400 Bad Request") as caught:
        client.accounts.api_tokens.update(made.id, {"name": "After"} | change)
    assert list(caught.value.errors) == [field]
    read = client.accounts.api_tokens.get(made.id)
    assert (read.name, read.description, read.revision) == ("Robot", "Before", 1)


def test_a_body_that_is_no_object_is_400(client):
    for wrong in ([], "text", 1):
        with pytest.raises(MPTAPIError, match="400 Bad Request"):
            client.accounts.api_tokens.create(wrong)


def test_a_token_gives_no_module_that_it_does_not_have(connect, client):
    lesser = {"account": {"id": CLIENT}, "name": "Lesser", "modules": [{"id": "MOD-1756"}]}
    made = client.accounts.api_tokens.create(lesser)
    with pytest.raises(MPTAPIError, match="403 Forbidden") as caught:
        connect(made.token).accounts.api_tokens.create(lesser | {"modules": [{"id": BILLING}]})
    assert list(caught.value.errors) == ["modules"]


@pytest.mark.parametrize("name", RESOURCES)
def test_a_token_without_the_module_is_403(console_of, name):
    with pytest.raises(MPTAPIError, match="403 Forbidden"):
        service(console_of("bare"), name).fetch_page()


def test_tokens_of_other_accounts_are_404_and_not_403(client):
    with pytest.raises(MPTAPIError, match="404 Not Found"):
        client.accounts.api_tokens.get("TKN-0005-0001")


@pytest.mark.parametrize("suffix", ["", "/", "/public", "/public/", "/public/v1", "/public/v1/"])
def test_every_base_address_that_the_client_takes_works(connect, server, suffix):
    client = connect(ROBOTS["client"]["secret"], server.url + suffix)
    assert client.accounts.api_tokens.get("TKN-1234-1234").name == "Robot 1"
