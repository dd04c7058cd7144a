"""What the merchant sees."""

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from shopify_app.shopify import guards

pages = Blueprint("home", __name__)
pages.before_request(guards.merchant)


@pages.get("/")
def orders() -> ResponseReturnValue:
    return f"<h1>{g.shop.domain}</h1>"
