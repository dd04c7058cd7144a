"""What we send to Shopify is what Shopify understands, on the real schema of the version we call.

A document says by its place which schema it speaks: in queries/ the Admin API's, in queries/customer/ the Customer
Account API's. What an extension asks of the latter itself stands in its code behind a mark.
"""

import re
from pathlib import Path

import graphql
import pytest

from tests.setup.node import ROOT
from tests.validators import admin_schema, customer_schema

ADMIN = sorted(ROOT.glob("shopify_app/**/queries/*.graphql"))
CUSTOMER = sorted(ROOT.glob("shopify_app/**/queries/customer/*.graphql"))
DOCUMENTS = [*ADMIN, *CUSTOMER]
SOURCES = sorted(path for path in ROOT.glob("extensions/*/src/*.ts*"))
MARKED = re.compile(r"/\* customer \*/ `([^`]*)`")
INLINE = [(path, text) for path in SOURCES for text in MARKED.findall(path.read_text())]


def short(path: Path) -> str:
    return str(path.relative_to(ROOT / "shopify_app"))


def test_there_are_documents_to_look_at() -> None:
    assert ADMIN
    assert CUSTOMER
    assert INLINE
    assert sorted(ROOT.glob("shopify_app/**/*.graphql")) == sorted(DOCUMENTS)


@pytest.mark.parametrize("path", ADMIN, ids=short)
def test_shopify_knows_every_word_of_a_document_and_none_is_deprecated(path: Path) -> None:
    assert admin_schema.errors(path.read_text()) == []


@pytest.mark.parametrize("path", CUSTOMER, ids=short)
def test_the_customers_schema_knows_every_word_of_a_document_and_none_is_deprecated(path: Path) -> None:
    assert customer_schema.errors(path.read_text()) == []


@pytest.mark.parametrize(("path", "text"), INLINE, ids=[path.stem for path, _ in INLINE])
def test_the_customers_schema_knows_every_word_that_an_extension_asks(path: Path, text: str) -> None:
    assert customer_schema.errors(text) == []


def test_an_extension_marks_every_document_it_asks() -> None:
    words = re.compile(r"`(?:query|mutation)\b")
    unmarked = [
        path.name for path in SOURCES if len(words.findall(path.read_text())) != len(MARKED.findall(path.read_text()))
    ]
    assert unmarked == []


def test_the_two_schemas_are_told_apart() -> None:
    admins, customers = "query { currentAppInstallation { id } }", "query { customer { id } }"
    assert customer_schema.errors(admins) != [] == admin_schema.errors(admins)
    assert admin_schema.errors(customers) != [] == customer_schema.errors(customers)


@pytest.mark.parametrize("path", DOCUMENTS, ids=short)
def test_a_file_holds_one_operation(path: Path) -> None:
    tree = graphql.parse(path.read_text())
    assert sum(isinstance(part, graphql.OperationDefinitionNode) for part in tree.definitions) == 1


def test_no_document_hides_in_python() -> None:
    written = [*ROOT.glob("shopify_app/**/*.py"), *ROOT.glob("jobs/**/*.py")]
    sign = re.compile(r"\b(?:nodes|edges|userErrors|pageInfo)\s*\{")
    assert [short(path) for path in written if sign.search(path.read_text())] == []


PLANTED = {
    "an unknown field": "query { shop { moonPhase } }",
    "an unknown argument": "query { orders(first: 1, colour: 2) { nodes { id } } }",
    "a plain list taken for a connection": 'query { order(id: "x") { fulfillments { nodes { id } } } }',
    "a wrong type": "query Q($id: Int!) { order(id: $id) { id } }",
    "a missing argument": "query { order { id } }",
    "a deprecated field": 'query { order(id: "x") { totalPrice } }',
    "a deprecated argument": '{ order(id: "x") { lineItems(first: 1) { nodes { image(maxWidth: 2) { id } } } } }',
    "a deprecated key of an input": (
        'mutation { returnRequest(input: {orderId: "x", returnLineItems: '
        '[{fulfillmentLineItemId: "y", quantity: 1, returnReason: OTHER}]}) { userErrors { field } } }'
    ),
    "a deprecated value": "query { themes(first: 1, roles: [MOBILE]) { nodes { id } } }",
    "a fault inside a bulk query": (
        'mutation { bulkOperationRunQuery(query: "{ orders { edges { node { moonPhase } } } }", groupObjects: false)'
        " { userErrors { field } } }"
    ),
    "a document cut short": "query { shop {",
}


@pytest.mark.parametrize("document", PLANTED.values(), ids=PLANTED.keys())
def test_the_checker_finds(document: str) -> None:
    assert len(admin_schema.errors(document)) == 1


def test_the_checker_accepts_a_good_bulk_query() -> None:
    text = '"{ orders { edges { node { id } } } }"'
    bulk = f"mutation {{ bulkOperationRunQuery(query: {text}, groupObjects: false) {{ userErrors {{ field }} }} }}"
    assert admin_schema.errors(bulk) == []
    assert frozenset({"read_orders", "read_marketplace_orders", "read_quick_sale"}) in admin_schema.needs(bulk)
