"""The merchant's page of what all mails have in common."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for
from flask.typing import ResponseReturnValue

from shopify_app import confirmations, settings
from shopify_app.db import transaction
from shopify_app.frame import language, say, show
from shopify_app.mail import brand as brands
from shopify_app.mail import logos
from shopify_app.mail.brand import FONTS, SETTING, Brand
from shopify_app.shopify import guards

letterhead = Blueprint("brand", __name__, url_prefix="/settings/brand")
letterhead.before_request(guards.merchant)

gallery = Blueprint("logos", __name__, url_prefix="/logos")
gallery.before_request(guards.anyone)


@letterhead.get("")
def brand() -> ResponseReturnValue:
    return show("home/brand.html", brand=brands.of(g.shop), fonts=list(FONTS), **_looked(brands.of(g.shop)))


@letterhead.post("/preview")
def preview() -> ResponseReturnValue:
    """Of what is typed; changes nothing."""
    try:
        typed = brands.read(request.form, brands.of(g.shop))
    except brands.Unclear as unclear:
        return {"errors": _sentences(unclear)}, 422
    return _looked(typed)


@letterhead.post("")
def change() -> ResponseReturnValue:
    try:
        typed = brands.read(request.form, brands.of(g.shop))
    except brands.Unclear as unclear:
        errors = _sentences(unclear)
        return say(next(iter(errors.values())), status=422, errors=errors)
    with transaction():
        settings.put(g.shop, {SETTING: brands.kept(typed)})
    return say(language().t("Saved"))


@letterhead.post("/logo")
def upload() -> ResponseReturnValue:
    file = request.files.get("file")
    content = file.stream.read(logos.MOST_BYTES + 1) if file else b""
    try:
        with transaction():
            digest = logos.keep(g.shop, content)
            address = guards.config().app_url + url_for("logos.logo", domain=g.shop.domain, digest=digest)
            kept = brands.kept(brands.of(g.shop)) | {"logo": address}
            settings.put(g.shop, {SETTING: kept})
    except logos.Unfit:
        return say(language().t("This is no logo: a PNG, JPEG, WebP or GIF of at most 2 MB, please."), status=422)
    return say(language().t("Saved"))


@gallery.get("/<domain>/<digest>.png")
def logo(domain: str, digest: str) -> Response:
    """What mail programs fetch. The same name is always the same picture."""
    content = logos.find(domain, digest)
    if content is None:
        abort(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'"}
    return Response(content, headers=headers, mimetype="image/png")


def _looked(brand: Brand) -> dict[str, Any]:
    mail = confirmations.preview(g.shop, brand)
    return {"subject": mail.subject, "preview": mail.html, "blocked": ""}


def _sentences(unclear: brands.Unclear) -> dict[str, str]:
    return {field: language().t(text) for field, text in unclear.errors.items()}
