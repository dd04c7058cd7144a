"""shopify.app.toml: `shopify app build` takes invented scopes, topics and keys. What it lets through is caught here."""

import re
import tomllib
from typing import Any
from urllib.parse import urlsplit

import pytest

from shopify_app.webhooks.topics import HANDLERS
from tests.setup.node import ROOT
from tests.validators import admin_schema, customer_schema
from tests.validators.test_graphql import CUSTOMER, INLINE

APP = tomllib.loads((ROOT / "shopify.app.toml").read_text())
SUBSCRIPTIONS: list[dict[str, Any]] = APP["webhooks"]["subscriptions"]
TOPICS = [topic for each in SUBSCRIPTIONS for topic in each.get("topics", [])]
COMPLIANCE = ["customers/data_request", "customers/redact", "shop/redact"]

KEYS: dict[str, set[str]] = {
    "": {"client_id", "name", "handle", "application_url", "embedded", "extension_directories"},
    "build": {"automatically_update_urls_on_dev", "dev_store_url", "include_config_on_deploy"},
    "access_scopes": {"scopes", "optional_scopes"},
    "auth": {"redirect_urls"},
    "customer_authentication": {"redirect_uris", "javascript_origins", "logout_urls"},
    "webhooks": {"api_version", "subscriptions"},
    "app_proxy": {"url", "prefix", "subpath"},
    "app_preferences": {"url"},
    "network_access": {"allowed_navigation_hosts", "allowed_sources"},
}
"""Every table and key we use on purpose; Shopify has more, and no table of ours is deeper."""


def scopes(app: dict[str, Any]) -> set[str]:
    """Also those that a merchant is asked for where they are needed."""
    return {*app["access_scopes"]["scopes"].split(","), *app["access_scopes"].get("optional_scopes", ())}


def needed(app: dict[str, Any]) -> set[admin_schema.Alternatives]:
    """What our documents in both schemas, the topics of the file and the proxy need. The schema does not say that
    whoever writes a metafield must be allowed to write its owner; ours are products'.
    """
    documents = [path.read_text() for path in ROOT.glob("shopify_app/**/queries/*.graphql")]
    known = admin_schema.topics()
    asked = [topic for each in app["webhooks"]["subscriptions"] for topic in each.get("topics", [])]
    proxy = {frozenset({"write_app_proxy"})} if "app_proxy" in app else set()
    of_buyers = [path.read_text() for path in CUSTOMER] + [text for _, text in INLINE]
    scopes_of = (*map(admin_schema.needs, documents), *map(customer_schema.needs, of_buyers))
    owners = {frozenset({"write_products"}) for document in documents if "metafieldsSet" in document}
    return proxy.union(owners, *scopes_of, *(known[topic] for topic in asked))


def strangers(app: dict[str, Any]) -> list[str]:
    """Tables and keys that are not on the list."""
    flat = {name for name, value in app.items() if not isinstance(value, dict)}
    tables = {name: set(value) for name, value in app.items() if isinstance(value, dict)}
    return sorted(flat - KEYS[""]) + sorted(
        f"{table}.{key}" for table, keys in tables.items() for key in keys - KEYS.get(table, set())
    )


def test_the_merchant_is_asked_for_every_scope_we_need() -> None:
    assert admin_schema.unmet(needed(APP), scopes(APP)) == set()


def test_the_merchant_is_asked_for_no_scope_we_do_not_need() -> None:
    optional = set(APP["access_scopes"]["optional_scopes"])
    assert admin_schema.unneeded(needed(APP), scopes(APP) - optional) == set()
    assert admin_schema.unneeded(needed(APP), scopes(APP)) & optional == set()


def test_the_scopes_are_written_without_gaps_and_in_order() -> None:
    listed, optional = APP["access_scopes"]["scopes"].split(","), APP["access_scopes"]["optional_scopes"]
    assert listed == sorted(set(listed))
    assert optional == sorted(set(optional) - set(listed))


def test_shopify_knows_every_topic_and_we_ask_for_each_once() -> None:
    assert set(TOPICS) <= admin_schema.topics().keys()
    assert len(TOPICS) == len(set(TOPICS))


def test_every_topic_we_ask_for_has_a_handler_and_no_handler_waits_in_vain() -> None:
    assert set(HANDLERS) == {*TOPICS, *COMPLIANCE}


def test_each_compliance_topic_is_asked_for_once() -> None:
    assert sorted(topic for each in SUBSCRIPTIONS for topic in each.get("compliance_topics", [])) == COMPLIANCE


def test_a_subscription_that_thins_its_payload_keeps_what_order_and_filter_need() -> None:
    """Without updated_at, changes look alike and are held back; without its own fields a filter matches nothing."""
    for each in SUBSCRIPTIONS:
        fields = set(each.get("include_fields", ["updated_at", *filtered(each)]))
        assert {"updated_at", *filtered(each)} <= fields, each["topics"]


def filtered(subscription: dict[str, Any]) -> list[str]:
    """The fields that a filter such as `status:paid AND (id:* OR -tags:vip)` looks at."""
    return re.findall(r"(?:^|[\s(-])([a-z_.]+):", subscription.get("filter", ""))


def test_a_subscription_has_only_keys_that_shopify_reads() -> None:
    allowed = {"topics", "compliance_topics", "uri", "filter", "include_fields", "name"}
    assert [set(each) - allowed for each in SUBSCRIPTIONS if set(each) - allowed] == []


def test_every_webhook_comes_to_the_app_itself() -> None:
    assert {each["uri"] for each in SUBSCRIPTIONS} == {"/webhooks"}


def test_webhooks_and_calls_speak_the_same_version() -> None:
    code = (ROOT / "shopify_app/shopify/admin_api.py").read_text()
    spoken = re.search(r'^API_VERSION = "(\d{4}-\d{2})"$', code, re.MULTILINE)
    assert spoken
    assert APP["webhooks"]["api_version"] == spoken[1] == admin_schema.VERSION


def test_the_file_holds_no_key_that_shopify_would_pass_over_in_silence() -> None:
    assert strangers(APP) == []


def test_the_app_lives_in_the_admin_under_a_name_that_fits() -> None:
    assert APP["embedded"] is True
    assert 0 < len(APP["name"]) <= 30
    assert re.fullmatch(r"[0-9a-f]{32}", APP["client_id"])
    assert re.fullmatch(r"[a-z0-9-]{1,50}", APP["handle"])


def test_every_address_is_https_and_on_the_app() -> None:
    preferences = [APP["app_preferences"]["url"]] if "app_preferences" in APP else []
    for url in [APP["application_url"], *APP["auth"]["redirect_urls"], *preferences]:
        assert urlsplit(url).scheme == "https"
        assert urlsplit(url).netloc == urlsplit(APP["application_url"]).netloc
        assert len(url) <= 255
    assert not APP["application_url"].endswith("/")
    assert APP["auth"]["redirect_urls"]


def test_buyers_come_back_from_logging_in_to_the_portal_of_the_app_itself() -> None:
    login = APP["customer_authentication"]
    assert login == {
        "redirect_uris": [f"{APP['application_url']}/portal/login/callback"],
        "logout_urls": [f"{APP['application_url']}/portal/login/over"],
    }


def test_the_proxy_lies_where_shopify_allows_it() -> None:
    proxy = APP["app_proxy"]
    assert proxy["prefix"] in {"a", "apps", "community", "tools"}
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,30}", proxy["subpath"])
    assert proxy["subpath"] not in {"admin", "services", "password", "login"}
    assert proxy["url"].startswith("/")


# What the checks above would not be worth without: each finds its planted fault.


def with_scopes(text: str) -> dict[str, Any]:
    return APP | {"access_scopes": {"scopes": text}}


def test_the_checker_finds_a_missing_scope() -> None:
    less = with_scopes(",".join(scopes(APP) - {"read_fulfillments"}))
    assert admin_schema.unmet(needed(less), scopes(less)) == {
        frozenset({"read_fulfillments", "read_marketplace_orders"}),
        frozenset({"read_fulfillments"}),
    }


@pytest.mark.parametrize("scope", ["write_files", "read_themes", "read_all_orders", "moon_phase"])
def test_the_checker_finds_a_scope_too_many(scope: str) -> None:
    more = with_scopes(",".join([*scopes(APP), scope]))
    assert scope in admin_schema.unneeded(needed(more), scopes(more))


def test_the_checker_finds_the_scope_that_a_new_field_needs() -> None:
    assert frozenset({"read_customers"}) in admin_schema.needs('{ order(id: "x") { customer { id } } }')
    assert admin_schema.needs('mutation { returnCancel(id: "x") { userErrors { field } } }') == {
        frozenset({"write_returns", "write_marketplace_returns"})
    }


def test_the_checker_finds_the_scopes_that_a_customers_document_needs() -> None:
    assert frozenset({"customer_read_customers"}) in customer_schema.needs("{ customer { id } }")
    filed = 'mutation { orderRequestReturn(orderId: "x", requestedLineItems: []) { return { id } } }'
    assert customer_schema.needs(filed) == {
        frozenset({"customer_write_customers"}),
        frozenset({"customer_read_orders"}),
    }


def test_a_scope_to_write_brings_the_scope_to_read() -> None:
    assert admin_schema.unmet({frozenset({"read_returns"})}, {"write_returns"}) == set()


def test_a_field_may_need_two_scopes_at_once() -> None:
    document = '{ returnableFulfillment(id: "x") { id } }'
    assert {"read_orders", "read_marketplace_orders"} in admin_schema.needs(document)
    assert {"read_returns"} in admin_schema.needs(document)


def test_the_schema_tells_the_scopes_of_a_topic() -> None:
    topics = admin_schema.topics()
    assert topics["app/uninstalled"] == set()
    assert topics["fulfillment_events/create"] == {frozenset({"read_fulfillments"})}
    assert topics["customers/merge"] == {frozenset({"read_customer_merge"})}
    assert "orders/teleported" not in topics


def test_the_checker_finds_a_key_that_shopify_does_not_know() -> None:
    assert strangers({"colour": 1, "auth": {"redirect_url": []}, "webhooks": {}}) == ["colour", "auth.redirect_url"]


def test_the_checker_finds_the_fields_of_a_filter() -> None:
    assert filtered({"filter": "status:paid AND (id:* OR -line_items.sku:x)"}) == ["status", "id", "line_items.sku"]
