"""The shop's own pages: home, collections, a product, the cart."""

from flask import Blueprint, abort, redirect, request, session
from flask.typing import ResponseReturnValue

from devstore.context import store
from devstore.pages import phrases
from devstore.pages.theme import page, say, shop
from devstore.records import Product, Variant

blueprint = Blueprint("storefront", __name__)

MOST = 20
"""Pieces of one thing in a cart."""

CartLine = tuple[Product, Variant, int]


def products() -> list[Product]:
    return [product for product in store().state.products.of(shop().domain) if product.status == "active"]


def cart() -> list[CartLine]:
    """What is in the cart and still sold."""
    found = []
    for variant_id, pieces in session.get("cart", {}).items():
        place = store().state.variant(int(variant_id))
        if place:
            found.append((place[0], place[0].variants[place[1]], int(pieces)))
    return found


@blueprint.before_app_request
def choices() -> ResponseReturnValue | None:
    """?locale= and ?currency= are remembered, then left out of the address."""
    asked = {name: request.args[name] for name in ("locale", "currency") if name in request.args}
    others = (f"/{store().app.proxy_prefix}/", "/authentication/")
    if request.method != "GET" or not asked or request.path.startswith(others):
        return None
    if asked.get("locale") in phrases.LOCALES:
        session["locale"] = asked["locale"]
    if asked.get("currency") in shop().presentment_currencies:
        session["currency"] = asked["currency"]
    return redirect(request.path)


@blueprint.get("/")
def home() -> str:
    kinds = list(dict.fromkeys(product.product_type for product in products()))
    return page("home.html", shop().name, products=products()[:8], kinds=kinds)


@blueprint.get("/discount/<code>")
def discount(code: str) -> ResponseReturnValue:
    """An address to share: the checkout fills the code in."""
    session["code"] = code
    return redirect("/")


@blueprint.get("/collections/<kind>")
def collection(kind: str) -> str:
    """ "all", or a product type."""
    found = [product for product in products() if kind in ("all", product.product_type)]
    title = say("all") if kind == "all" else kind
    return page("collection.html", title, products=found or abort(404), heading=title)


@blueprint.get("/products/<handle>")
def product(handle: str) -> str:
    found = next((each for each in products() if each.handle == handle), None) or abort(404)
    chosen = next((v for v in found.variants if str(v.id) == request.args.get("variant")), found.variants[0])
    others = [each for each in products() if each.product_type == found.product_type and each is not found]
    return page("product.html", found.title, product=found, chosen=chosen, others=others[:4])


@blueprint.get("/cart")
def show_cart() -> str:
    return page("cart.html", say("cart"), cart=cart())


@blueprint.post("/cart/add")
def add() -> ResponseReturnValue:
    variant_id = request.form.get("id", 0, type=int)
    if store().state.variant(variant_id) is None:
        abort(404)
    pieces = request.form.get("quantity", 1, type=int)
    inside = session.get("cart", {}).get(str(variant_id), 0)
    _put({str(variant_id): inside + pieces})
    return redirect("/cart")


@blueprint.post("/cart/update")
def update() -> ResponseReturnValue:
    """Form fields named by variant, their value the pieces; 0 takes it out."""
    _put({key: int(value) for key, value in request.form.items() if key.isdigit() and value.isdigit()})
    return redirect("/checkout" if "checkout" in request.form else "/cart")


def _put(pieces: dict[str, int]) -> None:
    inside = session.get("cart", {}) | {key: min(count, MOST) for key, count in pieces.items()}
    session["cart"] = {key: count for key, count in inside.items() if count > 0}
