"""POST /{shop}/admin/api/{version}/graphql.json and the download of bulk results."""

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, g, request
from flask.typing import ResponseReturnValue
from graphql import DocumentNode, ExecutionResult, execute_sync

from devstore.context import shop_or_404, store
from devstore.graphql import bulk, documents
from devstore.graphql.caller import Caller
from devstore.graphql.limits import MOST, actual, requested
from devstore.graphql.schema import load
from devstore.reasons import LANGUAGES
from devstore.records import BulkOperation, Job

if TYPE_CHECKING:
    from devstore.server import Running

blueprint = Blueprint("graphql", __name__)
SCHEMA = load()
STANDING = {"frozen": 402, "forbidden": 403, "closed": 404, "locked": 423}
UNKNOWN_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"  # noqa: S105


@blueprint.post("/<shop>/admin/api/<version>/graphql.json")
def graphql(shop: str, version: str) -> ResponseReturnValue:
    """One request of the app, refused or answered as Shopify would."""
    running, found = store(), shop_or_404(shop)
    faults = running.faults.graphql
    time.sleep(faults.slow_seconds)
    if faults.outage:
        return {"errors": "Service Unavailable"}, 503
    if running.faults.take(faults, "error"):
        return {"errors": "Internal Server Error"}, 500
    if version != running.app.api_version:
        return {"errors": "Not Found"}, 404
    if found.standing in STANDING:
        return {"errors": "Unavailable Shop"}, STANDING[found.standing]
    token = running.tokens.find(shop, request.headers.get("X-Shopify-Access-Token", ""))
    if token is None:
        return {"errors": UNKNOWN_TOKEN}, 401
    if token.expires_at is None:
        return {"errors": "Non-expiring access tokens are no longer accepted for the Admin API."}, 403
    running.tokens.use(shop, token)
    g.api_version = version
    return _answer(shop, _caller(shop, token.scopes, online=token.online_user is not None))


@blueprint.post("/store/<handle>/app/graphql")
def direct(handle: str) -> ResponseReturnValue:
    """What an admin extension asks by `query`: as the staff member who looks at it, within the app's scopes."""
    shop = f"{handle}.myshopify.com"
    install = store().state.install(shop)
    return _answer(shop, _caller(shop, install.scopes, online=True)) if install else abort(404)


@blueprint.after_request
def name_the_request(response: Response) -> Response:
    response.headers["X-Request-Id"] = str(uuid.uuid4())
    if "api_version" in g:
        response.headers["X-Shopify-API-Version"] = g.api_version
    return response


@blueprint.get("/bulk/<int:id>/<key>")
def bulk_result(id: int, key: str) -> Response:
    """The result of a bulk query under its secret address; no token is asked for."""
    running = store()
    operation = running.state.bulk_operations.get(id)
    if operation is None or operation.key != key or not operation.jsonl:
        abort(404)
    if not bulk.is_kept(operation, running.state.now()):
        abort(410)
    return Response(operation.jsonl, mimetype="application/jsonl")


def _caller(shop: str, scopes: list[str], *, online: bool) -> Caller:
    running = store()
    who = Caller(
        view=running.view(shop),
        scopes=scopes,
        central=running.url,
        now=running.state.now(),
        language=language(running.state.shops[shop].primary_locale),
        uploads=running.uploads,
        online=online,
    )
    inside = replace(who, bulk=True)

    def start(operation: BulkOperation, grouped: bool) -> None:
        bulk.start(SCHEMA, inside, running.faults, operation, grouped)

    def start_job(job: Job, deed: Callable[[], None]) -> None:
        threading.Thread(target=_do, args=(running, job, deed), name=f"job-{job.id}", daemon=True).start()

    return replace(who, start_bulk=start, start_job=start_job)


def language(otherwise: str) -> str:
    """What the caller asks for in Accept-Language, as far as names are translated."""
    wanted = (tag.partition("-")[0] for tag in request.accept_languages.values())
    return next((tag for tag in wanted if tag in LANGUAGES), otherwise)


def _do(running: "Running", job: Job, deed: Callable[[], None]) -> None:
    faults = running.faults.graphql
    time.sleep(faults.job_seconds)
    if not running.faults.take(faults, "job_failed"):
        deed()
    job.done = True


def _answer(shop: str, who: Caller) -> ResponseReturnValue:
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
        return {"errors": {"query": "Required parameter missing or invalid"}}, 400
    variables = asked.get("variables") or {}
    try:
        document = documents.read(SCHEMA, asked["query"])
    except documents.Wrong as wrong:
        return {"errors": [error.formatted for error in wrong.errors]}
    cost = requested(SCHEMA, document, variables)
    return _limited(shop, who, document, variables, asked.get("operationName"), cost)


def _limited(
    shop: str, who: Caller, document: DocumentNode, variables: dict[str, Any], name: str | None, cost: int
) -> ResponseReturnValue:
    running = store()
    if cost > MOST:
        message = f"Query cost is {cost}, which exceeds the single query max cost limit ({MOST})."
        more = {"code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": MOST}
        return {"errors": [{"message": message, "extensions": more}]} | _cost(shop, cost, None)
    if running.faults.take(running.faults.graphql, "throttled") or not running.buckets.take(shop, cost):
        return {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]} | _cost(shop, cost, None)
    with running.state.lock:
        result = execute_sync(SCHEMA, document, context_value=who, variable_values=variables, operation_name=name)
    spent = min(cost, max(actual(result.data) - 1, 0))
    running.buckets.give_back(shop, cost - spent)
    return _written(result) | _cost(shop, cost, spent)


def _written(result: ExecutionResult) -> dict[str, Any]:
    body: dict[str, Any] = {"data": result.data}
    return body | ({"errors": [error.formatted for error in result.errors]} if result.errors else {})


def _cost(shop: str, cost: int, spent: int | None) -> dict[str, Any]:
    status = store().buckets.status(shop)
    return {
        "extensions": {
            "cost": {"requestedQueryCost": cost, "actualQueryCost": spent, "throttleStatus": status},
        }
    }
