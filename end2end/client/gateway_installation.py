"""What the installation behind the gateways holds: the usual one, one more module, and tokens to present."""

import json

import installation
from installation import CLIENT, secret_of

CATALOG = {
    "id": "MOD-0479", "name": "Catalog", "code": "catalog", "description": "Products and prices",
    "accountTypes": ["Client", "Vendor", "Operations"],
    "settings": {"default": False, "configurable": True, "paid": False},
}
# A name that a header cannot hold as it is.
NAME = "Zürich 東京 😀, 100% \"ü\""
# The words name their tokens and secrets.
MODULES = {"billing": ["billing"], "catalog": ["catalog"], "both": ["billing", "catalog"], "neither": ["audit-trail"]}
IDS = {word: f"TKN-0007-{number:04}" for number, word in enumerate([*MODULES, "off"], start=1)}


def secret(word: str) -> str:
    """The secret of a token."""
    return secret_of(f"gateway {word}")


def bearer(word: str) -> str:
    """The line that presents a token."""
    return f"Authorization: Bearer {secret(word)}"


def _token(word: str, modules: list[str]) -> dict:
    return {"id": IDS[word], "account": CLIENT, "name": NAME, "modules": modules, "secret": secret(word)}


def provision() -> str:
    """The text of the provisioning file."""
    held = json.loads(installation.provision())
    held["modules"].append(CATALOG)
    for account in held["accounts"]:
        account["modules"].append(CATALOG["code"])
    held["tokens"] += [_token(word, modules) for word, modules in MODULES.items()]
    held["tokens"].append(_token("off", ["billing", "catalog"]) | {"status": "Disabled"})
    return json.dumps(held, ensure_ascii=False)
