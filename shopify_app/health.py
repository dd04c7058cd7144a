"""What operators and their machines ask: alive, ready, how much."""

import os
from collections import Counter

import structlog
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shopify_app import metrics, work
from shopify_app.db import db
from shopify_app.queue import doorbell
from shopify_app.shopify import guards

log = structlog.get_logger()

pages = Blueprint("health", __name__)
pages.before_request(guards.anyone)
blueprints = (pages,)


@pages.get("/healthz")
def alive() -> ResponseReturnValue:
    return "ok\n", 200, {"Content-Type": "text/plain"}


@pages.get("/readyz")
def ready() -> ResponseReturnValue:
    """503 until the database answers and its tables are this version's. Redis is told of, not needed."""
    checks = {"database": _database(), "migrations": _migrations(), "queue": _queue()}
    is_ready = checks["database"] == "ok" and checks["migrations"] == "ok"
    return checks, 200 if is_ready else 503


@pages.get("/metrics")
def numbers() -> ResponseReturnValue:
    """For Prometheus. With PROMETHEUS_MULTIPROC_DIR set, of all processes of this machine."""
    depths = Counter[str]()
    for model in work.kinds():
        depths[model.queue] += work.waiting(model)
    for queue, depth in depths.items():
        metrics.queue_depth.labels(queue).set(depth)
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _database() -> str:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.warning("not_ready", error=type(error).__name__)
        return "down"
    return "ok"


def _migrations() -> str:
    try:
        with db.engine.connect() as connection:
            at = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError:
        return "unknown"
    head = ScriptDirectory(os.path.join(current_app.root_path, "migrations")).get_current_head()
    return "ok" if at == head else "behind: run python -m shopify_app migrate"


def _queue() -> str:
    redis = doorbell().redis
    if redis is None:
        return "none: the workers look for themselves"
    try:
        redis.ping()
    except RedisError:
        return "down: the workers look for themselves"
    return "ok"
