"""Photos for staff. The admin's pages cannot send their token along with a picture, so an address proves by itself."""

from flask import Blueprint, Response, abort

from shopify_app.returns import photos
from shopify_app.returns.models import Photo
from shopify_app.returns.photos.files import Gone, Unreachable
from shopify_app.shopify import guards

album = Blueprint("album", __name__, url_prefix="/return-photos")
album.before_request(guards.anyone)


@album.get("/<word>")
def picture(word: str) -> Response:
    photo = photos.addressed(word)
    if photo is None:
        abort(404)
    return answer(photo)


def answer(photo: Photo) -> Response:
    """The picture itself, for who has proven to be allowed to see it."""
    try:
        data = photos.jpeg(photo)
    except Gone:
        abort(404)
    except Unreachable:
        abort(503)
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": "default-src 'none'"}
    return Response(data, headers=headers, mimetype="image/jpeg")
