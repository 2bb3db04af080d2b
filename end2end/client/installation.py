"""What the installation under test holds: accounts, modules, and tokens whose secrets are known."""

import json
import random
import zlib

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

OPERATIONS = "ACC-0001-0001"
CLIENT = "ACC-0001-0002"
VENDOR = "ACC-0001-0003"
# An account with more tokens than a page has rows.
CROWD = "ACC-0001-0004"
CROWD_SIZE = 230
# An account whose tokens no test changes, to look for them.
SHELF = "ACC-0001-0005"

BILLING = "MOD-0478"
ACCESS = "MOD-1756"
AUDIT = "MOD-1758"


def secret_of(word: str) -> str:
    """A secret of the product's format, the same for the same word."""
    chance = random.Random(word)
    body = "".join(chance.choice(BASE62) for _ in range(30))
    checksum, check = zlib.crc32(body.encode()), ""
    for _ in range(6):
        checksum, digit = divmod(checksum, 62)
        check = BASE62[digit] + check
    return f"lk_{body}{check}"


def _robot(token: str, account: str, word: str, modules: list[str]) -> dict:
    return {
        "id": token, "account": account, "name": f"The {word} robot", "modules": modules,
        "secret": secret_of(word), "createdAt": "2025-12-31T00:00:00.000Z",
    }


MANAGER = ["access-management", "audit-trail", "billing"]
# The tokens that tests present; the words name their secrets.
ROBOTS = {
    "operations": _robot("TKN-0001-0001", OPERATIONS, "operations", [*MANAGER, "platform-account-management"]),
    "client": _robot("TKN-0001-0002", CLIENT, "client", MANAGER),
    "vendor": _robot("TKN-0001-0003", VENDOR, "vendor", MANAGER),
    "crowd": _robot("TKN-0001-0004", CROWD, "crowd", MANAGER),
    "shelf": _robot("TKN-0001-0005", SHELF, "shelf", MANAGER),
    "bare": _robot("TKN-0001-0006", CLIENT, "bare", []),
    "disabled": _robot("TKN-0001-0007", CLIENT, "disabled", MANAGER) | {"status": "Disabled"},
}

# Names that need quoting or encoding somewhere on their way. All were made on the first days of 2026, in this order.
ODD_NAMES = [
    "Ab c", "O'Brien", 'say "hi"', "A&B", "a+b", "100%", "#1", "a=b", "a(b),c)", "a;b|c", "Zürich 東京 😀",
    "50%_x", "a\\b", "The*", "The*s", "The end", "Token one", "token two", "$1", "null()", "-1",
]
SHELVED = [
    {"id": f"TKN-0005-{number:04}", "account": SHELF, "name": name, "createdAt": f"2026-01-{number:02}T12:00:00.000Z",
     "modules": ["billing"] if number % 2 else ["access-management", "billing"]}
    for number, name in enumerate(ODD_NAMES, start=1)
] + [
    {"id": "TKN-0005-0101", "account": SHELF, "name": "Same", "description": "Same", "modules": [],
     "createdAt": "2026-02-01T00:00:00.000Z"},
    {"id": "TKN-0005-0102", "account": SHELF, "name": "Other", "description": "Described", "modules": ["audit-trail"],
     "status": "Disabled", "createdAt": "2026-02-01T00:00:00.001Z"},
]


def provision() -> str:
    """The text of the provisioning file."""
    enabled = ["access-management", "audit-trail", "token-verification", "billing"]
    accounts = [(CLIENT, "Stark Industries", "Client"), (VENDOR, "Vendor Inc", "Vendor"),
                (CROWD, "Crowd Ltd", "Client"), (SHELF, "Shelf Ltd", "Client")]
    return json.dumps({
        "modules": [{
            "id": BILLING, "name": "Billing", "code": "billing", "description": "Invoices and statements",
            "accountTypes": ["Client", "Vendor", "Operations"],
            "settings": {"default": False, "configurable": True, "paid": True},
        }],
        "accounts": [
            {"id": OPERATIONS, "name": "Operations", "type": "Operations",
             "modules": [*enabled, "platform-account-management"]},
            *({"id": id, "name": name, "type": kind, "modules": enabled} for id, name, kind in accounts),
        ],
        "users": [{
            "id": "USR-1234-1210", "account": CLIENT, "name": "Sarah Sanderson", "email": "sarah@example.com",
            "role": "Administrator", "password": "tide lamp orbit 42",
        }],
        "tokens": [
            *ROBOTS.values(), *SHELVED,
            {"id": "TKN-1234-1234", "account": CLIENT, "name": "Robot 1", "description": "Reads invoices",
             "modules": ["billing"], "createdBy": "USR-1234-1210", "createdAt": "2026-04-15T12:34:00.000Z"},
            *({"id": f"TKN-0004-{number:04}", "account": CROWD, "name": f"Robot {number:03}", "modules": ["billing"]}
              for number in range(1, CROWD_SIZE)),
        ],
    }, ensure_ascii=False)
