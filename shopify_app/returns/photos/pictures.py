"""Photos for staff. The admin's pages cannot send their token along with a picture, so an address proves by itself."""

from flask import Blueprint, Response, abort

from shopify_app.photos import picture as shown
from shopify_app.returns import photos
from shopify_app.shopify import guards

album = Blueprint("album", __name__, url_prefix="/return-photos")
album.before_request(guards.anyone)


@album.get("/<word>")
def picture(word: str) -> Response:
    photo = photos.addressed(word)
    return shown(photo) if photo else abort(404)
