"""Modules: Operations read all of them, others those of their account."""

import pytest
from installation import BILLING
from mpt_api_client import RQLQuery
from mpt_api_client.exceptions import MPTAPIError

BUILT_IN = {"MOD-1756", "MOD-1757", "MOD-1758", "MOD-1759"}


def test_operations_list_modules(operations):
    page = operations.accounts.modules.fetch_page()
    assert {module.id for module in page} == BUILT_IN | {BILLING}
    assert page.meta.pagination.total == 5
    assert page.meta.omitted == ["audit"]


def test_operations_get_a_module(operations):
    module = operations.accounts.modules.get(BILLING)
    assert (module.name, module.code, module.description) == ("Billing", "billing", "Invoices and statements")
    assert sorted(module.account_types) == ["Client", "Operations", "Vendor"]
    assert (module.settings.paid, module.settings.configurable, module.settings.default) == (True, True, False)
    assert module.revision == 1
    assert not hasattr(module, "audit")


def test_a_module_shows_its_audit_when_it_is_asked_for(operations):
    module = operations.accounts.modules.get(BILLING, select=["+audit", "-description"])
    assert module.audit.created.at.endswith("Z")
    assert not hasattr(module, "description")


@pytest.mark.parametrize(("query", "found"), [
    (RQLQuery(code="billing"), {BILLING}),
    (RQLQuery(name__ilike="*ACCOUNT*"), {"MOD-1757"}),
    (RQLQuery.from_string("any(accountTypes,self()=Vendor)"), {"MOD-1756", "MOD-1758", "MOD-1759", BILLING}),
    (~RQLQuery.from_string("any(accountTypes,self()=Client)"), {"MOD-1757"}),
    (RQLQuery(settings__configurable=True) & RQLQuery(id__ne=BILLING), BUILT_IN),
])
def test_operations_filter_modules(operations, query, found):
    assert {module.id for module in operations.accounts.modules.filter(query).iterate()} == found


def test_modules_come_in_the_order_that_is_asked_for(operations):
    names = [module.name for module in operations.accounts.modules.order_by("-name").iterate(batch_size=2)]
    assert names == sorted(names, reverse=True)
    assert len(names) == 5


@pytest.mark.parametrize("who", ["client", "vendor"])
def test_others_read_the_modules_that_their_account_has(console_of, who):
    modules = console_of(who).accounts.modules
    assert {module.id for module in modules.iterate()} == (BUILT_IN | {BILLING}) - {"MOD-1757"}
    assert modules.get(BILLING).name == "Billing"
    with pytest.raises(MPTAPIError, match="404 Not Found"):
        modules.get("MOD-1757")
