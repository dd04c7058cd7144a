"""python -m shopify_app <command>: what an operator does by hand."""

import base64
import os
import sys

import click
from flask_migrate import upgrade

from shopify_app import create_app, rotation
from shopify_app.config import ConfigError


@click.group()
def main() -> None:
    """Aftercare's commands for operators."""


@main.command()
def migrate() -> None:
    """Bring the database to this version's tables."""
    with create_app().app_context():
        upgrade()
    click.echo("The database is up to date.")


@main.command("new-key")
def new_key() -> None:
    """Print a key for ENCRYPTION_KEYS or INDEX_KEY."""
    click.echo(base64.urlsafe_b64encode(os.urandom(32)).decode())


@main.command("rotate-keys")
def rotate_keys() -> None:
    """Seal everything anew with the first of ENCRYPTION_KEYS; then the others may go."""
    with create_app().app_context():
        for table, count in rotation.run():
            click.echo(f"{table}: {count} values")


if __name__ == "__main__":
    try:
        main()
    except ConfigError as error:
        sys.exit(f"Aftercare does not start: {error}")
