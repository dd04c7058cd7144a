"""Numbers in the paths of our pages."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map


class Number(IntegerConverter):
    """None larger than a column of the database holds: such a page is not there, rather than an error."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = 2**63 - 1) -> None:
        super().__init__(map, fixed_digits, min, max)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = Number
