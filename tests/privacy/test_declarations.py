"""Every table says whose its rows are. A new one that does not is found here."""

from collections.abc import Iterator

from flask import Flask
from sqlalchemy import Table

from shopify_app.db import db
from shopify_app.persons import PARTS, Personal
from shopify_app.privacy import tables
from shopify_app.secrets import Encrypted

NOBODYS = {"chores"}
"""Tables that know neither shops nor persons."""
THE_SHOPS_OWN = {
    "logos",
    "milestones",
    "templates",
    "return_policies",
    "shops",
    "products",
    "product_ratings",
    "stage_texts",
    "plans",
    "privacy_marks",
    "lifted_refusals",
    "refusals",
    "slots",
    "takeouts",
    "setting_changes",
    "staff",
}
"""Nothing in them is about a buyer: a mark is a keyed hash that nobody can turn back."""


def mapped() -> Iterator[tuple[Table, type]]:
    for mapper in db.Model.registry.mappers:
        yield mapper.local_table, mapper.class_


def test_every_table_with_something_secret_about_persons_says_whose_it_is(app: Flask) -> None:
    for table, model in mapped():
        is_personal = any(isinstance(column.type, Encrypted) for column in table.columns) or PARTS.keys() & set(
            table.columns.keys()
        )
        if is_personal and table.name not in THE_SHOPS_OWN:
            assert issubclass(model, Personal), f"{table.name} holds something personal: it must be Personal"


def test_every_table_belongs_to_a_shop_and_so_goes_with_it(app: Flask) -> None:
    for table, model in mapped():
        owners = {"shop_id", "shop_domain"} & set(table.columns.keys())
        assert owners or table.name in NOBODYS | {"shops"}, table.name
        assert issubclass(model, Personal) or table.name in NOBODYS | THE_SHOPS_OWN, table.name


def test_no_personal_table_is_out_of_reach(app: Flask) -> None:
    for model in tables.personal():
        ways = (model.reached_by, model.itself, model.searched, "about" in vars(model))
        assert any(ways), f"{tables.name(model)}: no way leads to its rows"


def test_every_column_that_gives_somebody_away_is_followed(app: Flask) -> None:
    for model in tables.personal():
        columns = PARTS.keys() & set(model.__table__.columns.keys())  # type: ignore[attr-defined]
        assert columns == set(model.reached_by), tables.name(model)
