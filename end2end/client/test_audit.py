"""The audit trail: records that Latchkey writes, records that programs add, and what kinds of events are called."""

import uuid

import pytest
from installation import BILLING, CLIENT, ROBOTS, VENDOR
from mpt_api_client import RQLQuery
from mpt_api_client.exceptions import MPTAPIError


def record(object_id: str = VENDOR, **changes: object) -> dict:
    """The body that clients of the platform send to add a record."""
    return {
        "event": "extensions.crm.synced", "object": {"id": object_id, "name": "CRM"}, "details": "Everything",
        "summary": "Synced", "actor": {"type": "system", "id": "system"}, "payload": {"key": "value"},
    } | changes


def made_token(console: object, name: str = "Audited") -> object:
    return console.accounts.api_tokens.create(
        {"account": {"id": CLIENT}, "name": name, "modules": [{"id": BILLING}]}
    )


@pytest.fixture
def product() -> str:
    """The id of an object that no other test writes of."""
    digits = f"{uuid.uuid4().int % 10**12:012}"
    return f"PRD-{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def test_what_is_done_to_a_token_is_recorded(client):
    token = made_token(client)
    client.accounts.api_tokens.update(token.id, {"name": "Renamed"})
    client.accounts.api_tokens.disable(token.id)
    client.accounts.api_tokens.enable(token.id)
    client.accounts.api_tokens.delete(token.id)
    records = client.audit.records.filter(RQLQuery(object__id=token.id)).order_by("timestamp")
    assert [one.event for one in records.iterate(batch_size=2)] == [
        f"platform.accounts.token.{word}" for word in ("created", "updated", "disabled", "enabled", "deleted")
    ]


def test_a_record_tells_who_did_what_to_which_object_and_from_where(client):
    token = made_token(client)
    listed = client.audit.records.filter(RQLQuery(object__id=token.id)).fetch_one()
    assert (listed.object.id, listed.object.name, listed.object.object_type) == (token.id, "Audited", "Token")
    assert (listed.actor.id, listed.actor.name) == (ROBOTS["client"]["id"], ROBOTS["client"]["name"])
    assert (listed.actor.account.id, listed.actor.account.account_type) == (CLIENT, "Client")
    assert (listed.request.api.ip, listed.request.api.user_agent) == ("127.0.0.1", "swo-marketplace-client/1.0")
    assert listed.type == "Public"
    assert listed.timestamp.endswith("Z")
    assert listed.summary
    assert isinstance(listed.details, str)


def test_a_list_of_records_leaves_documents_and_viewers_out(client):
    token = made_token(client)
    found = client.audit.records.filter(RQLQuery(object__id=token.id))
    page = found.fetch_page()
    assert sorted(page.meta.omitted) == ["documents", "viewers"]
    assert not hasattr(page[0], "documents")
    whole = found.select("+documents", "+viewers").fetch_one()
    assert CLIENT in {account.id for account in whole.viewers}
    assert whole.documents
    single = client.audit.records.get(whole.id)
    assert single.meta.omitted == []
    assert single.documents.to_dict() == whole.documents.to_dict()
    assert token.token not in str(single.to_dict())


def test_a_record_is_selected_from(client):
    token = made_token(client)
    listed = client.audit.records.filter(RQLQuery(object__id=token.id)).fetch_one()
    got = client.audit.records.get(listed.id, select=["object", "actor"])
    assert (got.id, got.object.id, got.actor.name) == (listed.id, token.id, ROBOTS["client"]["name"])
    got = client.audit.records.get(listed.id, select=["-*", "event"])
    assert got.to_dict() == {"id": listed.id, "event": "platform.accounts.token.created"}


@pytest.mark.parametrize("query", [
    RQLQuery(event="platform.accounts.token.created"),
    RQLQuery(event__like="platform.accounts.*"),
    RQLQuery(actor__id=ROBOTS["client"]["id"]),
    RQLQuery(actor__account__id=CLIENT),
    RQLQuery(object__objectType="Token"),
    RQLQuery(object__name="Audited"),
    RQLQuery(type="Public"),
    RQLQuery(timestamp__gt="2026-01-01"),
    RQLQuery(id=CLIENT).any("viewers"),
], ids=str)
def test_records_are_filtered(client, query):
    token = made_token(client)
    found = client.audit.records.filter(query).filter(RQLQuery(object__id=token.id))
    assert found.fetch_one().object.id == token.id
    assert found.filter(~query).fetch_page().meta.pagination.total == 0


def test_others_do_not_see_a_record(client, vendor, operations):
    token = made_token(client)
    seen = client.audit.records.filter(RQLQuery(object__id=token.id)).fetch_one()
    with pytest.raises(MPTAPIError, match="404 Not Found"):
        vendor.audit.records.get(seen.id)
    assert vendor.audit.records.filter(RQLQuery(object__id=token.id)).fetch_page().meta.pagination.total == 0
    assert operations.audit.records.get(seen.id).id == seen.id


@pytest.mark.parametrize("who", ["operations", "vendor"])
def test_a_program_adds_a_record(console_of, who):
    console = console_of(who)
    made = console.audit.records.create(record())
    assert (made.event, made.object.id, made.object.object_type) == ("extensions.crm.synced", VENDOR, "Account")
    assert (made.summary, made.details) == ("Synced", "Everything")
    assert made.actor.name == ROBOTS[who]["name"]
    assert not hasattr(made, "payload")
    assert console.audit.records.get(made.id).timestamp == made.timestamp


def test_a_program_adds_a_record_about_its_own_token(vendor):
    token = vendor.accounts.api_tokens.create({"account": {"id": VENDOR}, "name": "Linked"})
    made = vendor.audit.records.create(record(token.id))
    found = vendor.audit.records.filter(RQLQuery(object__id=token.id)).order_by("-timestamp").fetch_page()
    assert [one.id for one in found][:1] == [made.id]


def test_documents_are_kept_as_they_were_sent(operations, product):
    documents = {"order": {"lines": [1, 2.5, None, True, "ü 😀"], "empty": {}, "camelCase": "x"}}
    made = operations.audit.records.create(record(product, documents=documents))
    response = operations.audit.records.get(made.id).meta.response.json()
    assert response["documents"] == documents


def test_a_client_account_adds_no_record(client):
    with pytest.raises(MPTAPIError, match="403 Forbidden"):
        client.audit.records.create(record(CLIENT))


def test_a_vendor_adds_no_record_about_what_it_has_none_of(vendor, product):
    with pytest.raises(MPTAPIError, match="403 Forbidden"):
        vendor.audit.records.create(record(product))


@pytest.mark.parametrize(("change", "field"), [
    ({"summary": ""}, "summary"), ({"details": " "}, "details"),
    ({"event": "platform.accounts.token.created"}, "event"), ({"event": "synced"}, "event"),
    ({"id": "AUD-1234-1234-1234-1234"}, "id"), ({"object": {"id": "x"}}, "object.id"),
    ({"object": None}, "object.id"), ({"type": "Secret"}, "type"), ({"documents": [1]}, "documents"),
    ({"documents": {"a": {"self": 1}}}, "documents"),
])
def test_a_record_with_a_wrong_field_is_400_and_says_which(operations, change, field):
    with pytest.raises(MPTAPIError, match="400 Bad Request") as caught:
        operations.audit.records.create(record(**change))
    assert list(caught.value.errors) == [field]


def test_a_private_record_is_for_operations_alone(operations, vendor):
    made = operations.audit.records.create(record(type="Private"))
    assert operations.audit.records.get(made.id).type == "Private"
    with pytest.raises(MPTAPIError, match="404 Not Found"):
        vendor.audit.records.get(made.id)
    # The next one about the object is for everybody again.
    operations.audit.records.create(record(type="Public"))


PLACES = {
    "summary": "{{object.name}} by {{ actor.name }}", "details": "{{product.name}}, {{no.such}}, {{product.parts.1}}",
    "documents": {"product": {"name": "Widget", "parts": ["a", "b"]}},
}


def test_render_fills_the_places_of_a_record(operations, product):
    made = operations.audit.records.create(record(product, **PLACES))
    rendered = operations.audit.records.options(render=True)
    listed = rendered.filter(RQLQuery(object__id=product)).fetch_one()
    for one in (listed, rendered.get(made.id), rendered.get(made.id, select=["object", "actor", "details"])):
        assert one.summary == f"CRM by {ROBOTS['operations']['name']}"
        assert one.details.startswith("Widget, ")
        assert one.details.endswith(", b")
        assert "{{" not in one.summary + one.details
        assert "}}" not in one.summary + one.details


def test_without_render_the_places_stay(operations, product):
    made = operations.audit.records.create(record(product, **PLACES))
    assert operations.audit.records.get(made.id).details == PLACES["details"]


def test_rendered_records_have_no_place_left(operations):
    for one in operations.audit.records.options(render=True).iterate():
        assert "{{" not in one.summary + one.details
        assert "}}" not in one.summary + one.details


def test_event_types_are_listed_and_got(vendor):
    kinds = list(vendor.audit.event_types.iterate(batch_size=3))
    assert len(kinds) == len({kind.id for kind in kinds})
    created = vendor.audit.event_types.filter(RQLQuery(key="platform.accounts.token.created")).fetch_one()
    assert created.id in {kind.id for kind in kinds}
    got = vendor.audit.event_types.get(created.id)
    assert (got.key, got.name) == (created.key, created.name)
    assert got.meta.omitted == []


def test_a_new_event_makes_an_event_type(operations):
    event = f"extensions.crm.e{uuid.uuid4().hex[:12]}"
    operations.audit.records.create(record(event=event))
    assert operations.audit.event_types.filter(RQLQuery(key=event)).fetch_one().key == event


def test_a_vendor_names_an_event_type(vendor):
    kind = vendor.audit.event_types.filter(RQLQuery(key="platform.accounts.token.disabled")).fetch_one()
    name = f"Token off {uuid.uuid4().hex[:6]}"
    changed = vendor.audit.event_types.update(kind.id, {"name": name, "description": "Somebody switched it off"})
    assert (changed.id, changed.key, changed.name) == (kind.id, kind.key, name)
    again = vendor.audit.event_types.update(kind.id, {"description": "For now"})
    assert (again.name, again.description) == (name, "For now")
    assert vendor.audit.event_types.get(kind.id).name == name


@pytest.mark.parametrize(("change", "field"), [
    ({"name": ""}, "name"), ({"description": ""}, "description"), ({"key": "x"}, "key"), ({"name": "x" * 201}, "name"),
])
def test_an_event_type_with_a_wrong_field_is_400_and_says_which(vendor, change, field):
    kind = vendor.audit.event_types.filter(RQLQuery(key="platform.accounts.token.enabled")).fetch_one()
    with pytest.raises(MPTAPIError, match="400 Bad Request") as caught:
        vendor.audit.event_types.update(kind.id, change)
    assert list(caught.value.errors) == [field]
    assert vendor.audit.event_types.get(kind.id).name == kind.name
