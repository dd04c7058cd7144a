"""Where mail providers tell what came back."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from shopify_app.bounces import providers
from shopify_app.bounces.effect import take_in
from shopify_app.bounces.news import Forged
from shopify_app.shopify import guards

routes = Blueprint("bounces", __name__, url_prefix="/bounces")
routes.before_request(guards.anyone)


@routes.post("/<provider>")
def told(provider: str) -> ResponseReturnValue:
    """By a provider that the operator has set up; each proves itself in its own way."""
    read, secret = providers.secrets(guards.config()).get(provider) or abort(404)
    try:
        news = read(request, secret)
    except Forged:
        abort(401)
    except (ValueError, KeyError, TypeError, AttributeError):
        abort(400)
    take_in(news)
    return {}
