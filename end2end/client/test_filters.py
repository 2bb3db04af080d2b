"""Filters as the client's query builder writes them, and as people write them by hand."""

import datetime as dt

import pytest
from installation import BILLING, ODD_NAMES, ROBOTS, SHELF
from mpt_api_client import RQLQuery
from mpt_api_client.exceptions import MPTAPIError
from mpt_api_client.rql import RQLProperty

READER = ROBOTS["shelf"]["name"]
ALL = {READER, *ODD_NAMES, "Same", "Other"}
NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)


def names(console: object, query: RQLQuery) -> set[str]:
    """The names that a filter finds, each once."""
    found = [token.name for token in console.accounts.api_tokens.filter(query).iterate()]
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_is_found_whatever_it_is_made_of(shelf, name):
    assert names(shelf, RQLQuery(name=name)) == {name}
    assert names(shelf, RQLQuery(name__in=[name, "Same"])) == {name, "Same"}
    assert names(shelf, RQLQuery(name__ne=name)) == ALL - {name}


@pytest.mark.parametrize("name", ["x' OR '1'='1", "", "ab c", "Ab c ", "no\u200bbody", "Zu\u0308rich 東京 😀"])
def test_a_name_that_nobody_has_finds_nothing(shelf, name):
    assert names(shelf, RQLQuery(name=name)) == set()


CASES = {
    "like with a star at the end": (RQLQuery(name__like="The*"), {"The*", "The*s", "The end", READER}),
    "like with a star that is meant": (RQLQuery(name__like="The\\**"), {"The*", "The*s"}),
    "like with nothing but a star that is meant": (RQLQuery(name__like="The\\*"), {"The*"}),
    "like with a star inside": (RQLQuery(name__like="T*e end"), {"The end"}),
    "like minds case": (RQLQuery(name__like="token*"), {"token two"}),
    "like minds no sign of SQL": (RQLQuery(name__like="50%_*"), {"50%_x"}),
    "like without a star": (RQLQuery(name__like="Token"), set()),
    "ilike does not mind case": (RQLQuery(name__ilike="*token*"), {"Token one", "token two"}),
    "ilike folds every language": (RQLQuery(name__ilike="zÜR*"), {"Zürich 東京 😀"}),
    "ilike of a backslash": (RQLQuery(name__ilike="a\\b"), {"a\\b"}),
    "in": (RQLQuery(id__in=["TKN-0005-0001", "TKN-0005-0102", "TKN-9999-9999"]), {"Ab c", "Other"}),
    "out": (RQLQuery().n("status").out(["Active", "Deleted"]), {"Other"}),
    "oneof": (RQLQuery().status.oneof(["Disabled"]), {"Other"}),
    "null": (RQLQuery(description__null=True), ALL - {"Same", "Other"}),
    "not null": (RQLQuery(description__null=False), {"Same", "Other"}),
    "not empty": (RQLQuery().description.not_empty() & RQLQuery(description__null=False), {"Same", "Other"}),
    "ne keeps rows without a value": (RQLQuery(description__ne="Same"), ALL - {"Same"}),
    "a whole number": (RQLQuery(revision__ge=1), ALL),
    "another whole number": (RQLQuery().revision.gt(1), set()),
    "an aware time": (RQLQuery(audit__created__at__lt=NOON), {READER, "Ab c"}),
    "an aware time, up to it": (RQLQuery(audit__created__at__le=NOON), {READER, "Ab c", "O'Brien"}),
    "another zone": (
        RQLQuery(audit__created__at__le=NOON.astimezone(dt.timezone(dt.timedelta(hours=9)))),
        {READER, "Ab c", "O'Brien"},
    ),
    "a time without a zone": (RQLQuery(audit__created__at__lt=dt.datetime(2026, 1, 1, 12, 0, 0, 1)), {READER, "Ab c"}),
    "microseconds": (
        RQLQuery(audit__created__at__gt=dt.datetime(2026, 2, 1, 0, 0, 0, 500, tzinfo=dt.UTC)), {"Other"},
    ),
    "a day": (RQLQuery().audit.created.at.ge(dt.date(2026, 2, 1)), {"Same", "Other"}),
    "a day, before it": (RQLQuery(audit__created__at__lt=dt.date(2026, 1, 1)), {READER}),
    "two arguments": (RQLQuery(status="Active", description="Same"), {"Same"}),
    "and": (RQLQuery(status="Disabled") & RQLQuery(name__ne="Same"), {"Other"}),
    "or": (RQLQuery(name="#1") | RQLQuery(name="100%") | RQLQuery(name="none"), {"#1", "100%"}),
    "not": (~RQLQuery(status="Active"), {"Other"}),
    "not or": (~(RQLQuery(status="Active") | RQLQuery(name="Nobody")), {"Other"}),
    "not and": (~(RQLQuery(status="Disabled") & RQLQuery(name="Other")), ALL - {"Other"}),
    "or inside and": (
        (RQLQuery(name="#1") | RQLQuery(name="Other")) & RQLQuery(status="Disabled"), {"Other"},
    ),
    "any": (RQLQuery(id="MOD-1758").any("modules"), {READER, "Other"}),
    "any by name": (RQLQuery(name__ilike="audit*").any("modules"), {READER, "Other"}),
    "any of two": ((RQLQuery(id=BILLING) & RQLQuery(name="Audit Trail")).any("modules"), set()),
    "all": (
        RQLQuery(id=BILLING).all("modules") & RQLQuery(id=BILLING).any("modules"), set(ODD_NAMES[::2]),
    ),
    "all of nothing": (RQLQuery(id="MOD-0001").all("modules"), {"Same"}),
    "not any": (~RQLQuery(id=BILLING).any("modules"), {"Same", "Other"}),
    "a field against a field": (RQLQuery("name").eq(RQLProperty("description")), {"Same"}),
    "null as a property": (RQLQuery("description").ne(RQLProperty.null()), {"Same", "Other"}),
    "a path": (RQLQuery(account__id=SHELF), ALL),
    "another account": (RQLQuery(account__id="ACC-0001-0002"), set()),
    "an account's name": (RQLQuery(account__name__ilike="shelf*"), ALL),
}


@pytest.mark.parametrize(("query", "found"), CASES.values(), ids=CASES.keys())
def test_the_query_builder_finds(shelf, query, found):
    assert names(shelf, query) == found


WRITTEN = {
    "status=Disabled": {"Other"},
    "status=disabled": {"Other"},
    "eq(STATUS,Disabled)": {"Other"},
    "name=Token one": {"Token one"},
    'eq(id,"TKN-0005-0102")': {"Other"},
    "eq(name,'A&B')": {"A&B"},
    "name='a=b'": {"a=b"},
    "name=Same|name=Other;name=nobody": {"Same", "Other"},
    "status=Active,name=Same": {"Same"},
    "description=null()&name=Token one": {"Token one"},
    "(name=Same|name=Other)&status=Disabled": {"Other"},
    "ilike(name,*TOKEN*)": {"Token one", "token two"},
    "in(status,(Disabled))": {"Other"},
    "out(status,(Active))": {"Other"},
    "eq(name,self(description))": {"Same"},
    "any(modules)&any(modules,code=audit-trail)": {READER, "Other"},
    'any(modules,eq(id, "MOD-1758"))': {READER, "Other"},
    "not(any(modules))": {"Same"},
    "not(not(status=Disabled))": {"Other"},
    "ne(description,empty())&eq(name,Same)": {"Same"},
}


@pytest.mark.parametrize(("text", "found"), WRITTEN.items())
def test_a_filter_written_by_hand_finds(shelf, text, found):
    assert names(shelf, RQLQuery.from_string(text)) == found


@pytest.mark.parametrize(("text", "errors"), [
    ("bogus=1", {"bogus": ["Invalid property path."]}),
    ("account.bogus=1", {"account.bogus": ["Invalid property path."]}),
    ("modules.id=MOD-1756", {"modules.id": ["Invalid property path."]}),
    ("mistake(x)", {"mistake": ["Unknown expression group."]}),
    ("token=x", {"token": ["Filtering is not permitted."]}),
    ("in(id,())", {"rql_validation": ["Value has to be a non empty array."]}),
    ("gt(revision,abc)", {"rql_validation": ["Cannot convert value: 'abc'."]}),
    ("ilike(name,null())", {"rql_validation": ["Null values are not supported."]}),
    ("and()", {"rql_validation": ["Expression group cannot be empty."]}),
])
def test_a_wrong_filter_is_400_and_says_where(shelf, text, errors):
    with pytest.raises(MPTAPIError, match="400 Bad Request") as caught:
        shelf.accounts.api_tokens.filter(RQLQuery.from_string(text)).fetch_page()
    assert caught.value.errors == errors


@pytest.mark.parametrize("text", [
    "rql=eq(name,a)", "status=eq=Active", "name=(a,b)", "eq(name,a", "eq(name,a))", "name=O'Brien", "name='a''b'",
    "account=ACC-1", "all(modules)", "any(name,id=x)", "eq()", "name=", "ge(audit.created.at,yesterday)",
    "gt(revision,99999999999999999999)", "not(" * 5000 + "status=Active" + ")" * 5000,
])
def test_a_filter_that_means_nothing_is_refused(shelf, text):
    with pytest.raises(MPTAPIError) as caught:
        shelf.accounts.api_tokens.filter(RQLQuery.from_string(text)).fetch_page()
    assert caught.value.status_code in {400, 414}


def test_an_empty_list_of_the_query_builder_is_400(shelf):
    with pytest.raises(MPTAPIError, match="Value has to be a non empty array"):
        shelf.accounts.api_tokens.filter(RQLQuery(id__in=[])).fetch_page()


def test_filters_one_after_the_other_must_all_hold(shelf):
    tokens = shelf.accounts.api_tokens.filter(RQLQuery(name__ilike="*token*")).filter(RQLQuery(name__like="T*"))
    assert tokens.fetch_one().name == "Token one"


def test_filter_order_and_selection_go_together(shelf):
    tokens = shelf.accounts.api_tokens.filter(RQLQuery(name__ilike="*o*")).order_by("-name").select("-*", "name")
    found = [token.name for token in tokens.iterate(batch_size=2)]
    assert found == sorted((name for name in ALL if "o" in name.lower()), reverse=True)


def test_a_filter_with_five_hundred_ids_works(crowd):
    ids = [f"TKN-0004-{number:04}" for number in range(1, 501)]
    tokens = crowd.accounts.api_tokens.filter(RQLQuery(id__in=ids))
    assert tokens.fetch_page(limit=1).meta.pagination.total == 229


def test_modules_are_filtered_by_yes_and_no(operations):
    modules = operations.accounts.modules
    assert modules.filter(RQLQuery(settings__paid=True)).fetch_one().id == BILLING
    assert modules.filter(RQLQuery(settings__paid=False)).fetch_page().meta.pagination.total == 4
