"""How Alembic reaches the app's database and tables."""

from typing import Any, Literal

from alembic import context
from flask import current_app

# Whatever a topic touches has its tables declared with it.
import shopify_app.webhooks.topics  # noqa: F401
from shopify_app.db import UtcTime, db
from shopify_app.secrets import Encrypted


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """A migration names what a column is in the database, not our own types: these may change, it may not."""
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Encrypted):
        return "sa.LargeBinary()"
    return False


def run() -> None:
    with db.engine.connect() as connection:
        options = current_app.extensions["migrate"].configure_args
        context.configure(connection=connection, target_metadata=db.metadata, render_item=render_item, **options)
        with context.begin_transaction():
            context.run_migrations()


run()
