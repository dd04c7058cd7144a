"""The app with one more page, which shows nothing: the floor under benchmarks/admin.py."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, DictLoader

from shopify_app import create_app
from shopify_app.frame import show
from shopify_app.shopify import guards

PAGE = """{% extends "admin.html" %}{% block page %}
<s-page heading="Empty"><s-section><s-paragraph>Nothing.</s-paragraph></s-section></s-page>{% endblock %}"""

empty = Blueprint("empty", __name__)
empty.before_request(guards.merchant)


@empty.get("/empty")
def page() -> ResponseReturnValue:
    return show("empty.html")


app = create_app()
app.jinja_loader = ChoiceLoader([app.jinja_loader, DictLoader({"empty.html": PAGE})])  # type: ignore[list-item]
app.register_blueprint(empty)
