"""POST …/customer/api/{version}/graphql, and the same for extensions of the customer who is logged in."""

from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from graphql import execute_sync

from devstore.context import buyer, shop_domain, store
from devstore.customer_api.schema import load
from devstore.customer_api.visitor import Visitor
from devstore.graphql import documents
from devstore.graphql.http import STANDING, language
from devstore.records import Customer

blueprint = Blueprint("customer_api", __name__)
SCHEMA = load()
PRIVATE = {"Cache-Control": "no-store"}


@blueprint.post("/customer/api/<version>/graphql")
def graphql(version: str) -> ResponseReturnValue:
    """One request of the app, with the token that a customer's login gave it, as it is: without "Bearer"."""
    running = store()
    asked = running.grants.who(shop_domain(), request.headers.get("Authorization", ""))
    customer = running.state.customers.get(asked.customer) if asked else None
    if customer is None:
        return {"errors": [{"message": "Invalid token"}]}, 401
    return _answer(version, customer)


@blueprint.post("/account/customer-api/<version>")
def of_extensions(version: str) -> ResponseReturnValue:
    """What an extension asks at shopify://customer-account/api/…: as the customer who looks at the page."""
    customer = buyer()
    return _answer(version, customer) if customer else abort(401)


def _answer(version: str, customer: Customer) -> ResponseReturnValue:
    running, shop = store(), store().state.shops[shop_domain()]
    install = running.state.install(shop.domain)
    faults = running.faults.graphql
    if faults.outage:
        return {"errors": [{"message": "Service Unavailable"}]}, 503
    if running.faults.take(faults, "error"):
        return {"errors": [{"message": "Internal Server Error"}]}, 500
    if version != running.app.api_version or install is None:
        abort(404)
    if shop.standing in STANDING:
        return {"errors": [{"message": "Unavailable Shop"}]}, STANDING[shop.standing]
    scopes = install.scopes if shop.expose_customers else []
    who = Visitor(
        view=running.view(shop.domain),
        scopes=scopes,
        central=running.url,
        now=running.state.now(),
        language=language(shop.primary_locale),
        customer=customer,
    )
    return _executed(who), 200, PRIVATE


def _executed(who: Visitor) -> dict[str, Any]:
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
        return {"errors": [{"message": "Required parameter missing or invalid"}]}
    try:
        document = documents.read(SCHEMA, asked["query"])
    except documents.Wrong as wrong:
        return {"errors": [error.formatted for error in wrong.errors]}
    name, variables = asked.get("operationName"), asked.get("variables") or {}
    with who.state.lock:
        result = execute_sync(SCHEMA, document, context_value=who, variable_values=variables, operation_name=name)
    body: dict[str, Any] = {"data": result.data}
    return body | ({"errors": [error.formatted for error in result.errors]} if result.errors else {})
