"""When something goes wrong: a page inside the admin's frame, a sentence for its scripts, plain text for all others."""

from flask import Response, g, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from shopify_app import roles
from shopify_app.frame import is_fetched, language, say, show
from shopify_app.language import words
from shopify_app.shopify import signature
from shopify_app.shopify.errors import ShopifyError

DENIED = {
    roles.SETTINGS: words(
        "Only owners and managers change settings. Owners give roles under Settings, Staff and limits."
    ),
    roles.DATA: words("Only owners and managers take data out. Owners give roles under Settings, Staff and limits."),
    roles.MONEY: words("Only owners and managers give any sum."),
    roles.STAFF: words("Only owners decide about staff and limits."),
}
"""What is said to somebody whose role does not have the right."""


def answer(error: HTTPException) -> ResponseReturnValue:
    """The weakest of all handlers: a blueprint that has one of its own is asked first."""
    if not _is_framed():
        return _with_headers(make_response(f"{error.name}\n"), error, "text/plain")
    heading, sentence = _words(error.code or 500)
    if isinstance(error, roles.Denied):
        heading, sentence = language().t("Not in your role"), language().t(DENIED[error.deed])
    if is_fetched():
        return _with_headers(say(sentence, status=error.code or 500), error, "application/json")
    return _with_headers(show("home/error.html", heading=heading, sentence=sentence), error, "text/html")


def shopify_failed(_error: ShopifyError) -> ResponseReturnValue:
    return answer(ServiceUnavailable(retry_after=5))


def _is_framed() -> bool:
    """Seen inside the admin. Without a token the shop is only what the query says, enough for an empty page.

    What the app proxy has signed is a visitor's of the storefront, who may add any word to the query.
    """
    if "framing_shop" not in g and request.args.get("embedded") == "1" and "signature" not in request.args:
        shop = request.args.get("shop", "").lower()
        if signature.is_shop(shop):
            g.framing_shop = shop
    return "framing_shop" in g


def _words(code: int) -> tuple[str, str]:
    t = language().t
    if code == 404:
        return t("Not found"), t("There is no such page or order in your shop. It may have been deleted.")
    if code == 401:
        return t("Please reload"), t("Shopify did not tell us who you are. Please reload the page.")
    if code == 413:
        return t("Too long"), t("That is more than Aftercare can take at once.")
    if code == 503:
        return t("Shopify does not answer"), t("Please try again in a moment. Nothing is lost meanwhile.")
    if code >= 500:
        return t("Something went wrong"), t("The fault is ours. Please try again in a moment.")
    return t("That did not work"), t("Aftercare did not understand this request.")


def _with_headers(response: Response, error: HTTPException, content_type: str) -> Response:
    """With what the error itself has to say, such as Allow and Retry-After."""
    for name, value in error.get_headers():
        response.headers[name] = value
    response.headers["Content-Type"] = f"{content_type}; charset=utf-8"
    response.status_code = error.code or 500
    return response
