"""docs/security.md answers every point that Shopify publishes, with tests that exist."""

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/security.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DOCUMENT)))

CHECKS = [
    "UNAUTHENTICATED_ENDPOINT",
    "SESSION_LIFECYCLE_AND_REPLAY",
    "WEAK_SHOP_VALIDATION",
    "EXPIRING_OFFLINE_TOKEN",
    "MISSING_AUTHORIZATION_CHECK",
    "CSRF_MISSING_PROTECTION",
    "MISSING_TENANT_ISOLATION",
    "REQUEST_DERIVED_SHOP_SCOPE",
    "UNSCOPED_SHOP_CONFIG_WRITE",
    "REQUEST_CONTROLLED_ADMIN_CONTEXT",
    "COMMITTED_SECRET",
    "CREDENTIAL_LOG_LEAKAGE",
    "CREDENTIAL_BROWSER_LEAKAGE",
    "METAFIELD_OFFLINE_TOKEN",
    "MISSING_EMBEDDED_CSP",
    "STATIC_FRAME_ANCESTORS",
    "MISSING_COMPLIANCE_WEBHOOKS",
    "INSECURE_WEBHOOK_URL",
    "APP_PROXY_UNVERIFIED_SIGNATURE",
    "APP_PROXY_LIQUID_INJECTION",
    "OPEN_REDIRECT",
    "CROSS_SITE_SCRIPTING",
    "UNSAFE_INNERHTML",
    "SQL_INJECTION",
    "SSRF_REQUEST_FORGERY",
    "LIQUID_UNSAFE_RENDER",
    "THEME_EXTENSION_XSS",
    "TEXT_SETTING_HTML_SMUGGLING",
    "DEPRECATED_SCRIPT_TAG_SCOPE",
    "SCRIPT_TAG_URL_INJECTION",
    "SCOPE_OVER_REQUEST",
    "OVERBROAD_DATA_ACCESS",
    "EOL_API_VERSION",
    "DEPENDENCY_REACHABILITY",
    "MISSING_DEPENDENCY_SECURITY_AUTOMATION",
]
"""The ids of `shopify app security check`, as shopify.dev lists them."""


def rows() -> dict[str, str]:
    """First cell of a table's row → the rest of it."""
    cells = [line.strip("| ").split(" | ", 1) for line in DOCUMENT.splitlines() if line.startswith("| ")]
    return {first: rest for first, rest in cells if not first.startswith(("---", "check", "no.", "duty"))}


def test_every_check_of_shopifys_is_answered() -> None:
    assert [one for one in rows() if (one.isupper() and "_" in one) or one in CHECKS] == CHECKS


@pytest.mark.parametrize("point", rows())
def test_every_answer_names_what_proves_it(point: str) -> None:
    assert re.search(r"`tests/[\w/]+\.py::test_\w+`", rows()[point])


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _, name in NAMED])
def test_the_named_test_exists(path: str, name: str) -> None:
    assert name in functions(path)


@functools.cache
def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_only_tests_are_named() -> None:
    assert len(NAMED) > 60
    assert {name.startswith("test_") for _, name in NAMED} == {True}
