"""The shop's terms of returns for everybody, people and search engines, in the visitor's language."""

from flask import Blueprint, Response, g

from shopify_app import storefront
from shopify_app.language import speak
from shopify_app.returns.policy import clauses, policies, schema_org
from shopify_app.shopify import guards

public = Blueprint("returns_public", __name__, url_prefix="/proxy/returns")
public.before_request(guards.storefront)


@public.get("")
def page() -> Response:
    _, terms = policies.current(g.shop)
    voice = storefront.reader()
    told = [one for one in clauses.of(terms, g.shop.currency, speak(voice)) if one.sentences]
    return storefront.show_to_search(schema_org.policy(g.shop, terms), "returns/public.html", voice, clauses=told)


@public.after_request
def let_it_be_found(response: Response) -> Response:
    """Nothing here is anybody's own; it changes when the merchant saves."""
    response.headers["Cache-Control"] = "no-cache"
    return response
