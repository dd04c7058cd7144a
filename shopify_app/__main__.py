"""python -m shopify_app <command>: what an operator does by hand."""

import base64
import os
import sys

import click
from flask_migrate import upgrade

from shopify_app import bounces, create_app, rotation
from shopify_app.config import ConfigError
from shopify_app.privacy import scan


@click.group()
def main() -> None:
    """Aftercare's commands for operators."""


@main.command()
def migrate() -> None:
    """Bring the database to this version's tables."""
    with create_app().app_context():
        upgrade()
    click.echo("The database is up to date.")


@main.command("returned")
def returned() -> None:
    """Take in a mail server's report on standard input: what could not be delivered, or a complaint."""
    with create_app().app_context():
        count = bounces.came_back(sys.stdin.buffer.read())
    click.echo(f"{count} readers")


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


@main.command("scan")
@click.option("--shop", help="Only the rows of this shop, as in lumen-goods.myshopify.com.")
def scan_(shop: str | None) -> None:
    """Look for texts, read from standard input one a line, in everything the database holds, encrypted or not.

    They never stand in the command itself, where other users and the shell's history see them. Names the places, not
    the texts; ends with 1 when there are any.
    """
    needles = [line for line in sys.stdin.read().splitlines() if line.strip()]
    if not needles:
        sys.exit("Give the texts to look for on standard input, one a line.")
    with create_app().app_context():
        places = list(scan.scan(shop, needles))
    for place in places:
        what = "does not open" if place.needle is None else f"line {place.needle + 1}"
        click.echo(f"{place.table}.{place.column}, row {place.key}: {what}")
    sys.exit(1 if places else 0)


if __name__ == "__main__":
    try:
        main()
    except ConfigError as error:
        sys.exit(f"Aftercare does not start: {error}")
