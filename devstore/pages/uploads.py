"""What stands for Shopify's storage of files: an address takes one file once, and gives it back to whoever knows it."""

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from devstore.context import store
from devstore.uploads import MOST_BYTES, Upload

blueprint = Blueprint("uploads", __name__, url_prefix="/uploads")


@blueprint.put("/<key>/<name>")
def put(key: str, name: str) -> ResponseReturnValue:
    """The bytes as they are, of the type that was announced."""
    found = _expected(key, "PUT")
    if request.mimetype != found.mime:
        return _refused("The type is not the one that was announced.")
    return _kept(found, request.get_data())


@blueprint.post("/<key>/<name>")
def post(key: str, name: str) -> ResponseReturnValue:
    """A form: the parameters first, then the file."""
    found = _expected(key, "POST")
    file = request.files.get("file")
    if file is None or request.form.get("key") != key:
        return _refused("The form lacks its parameters or the file.")
    return _kept(found, file.read())


@blueprint.get("/<key>/<name>")
def get(key: str, name: str) -> ResponseReturnValue:
    found = store().uploads.get(key)
    if found is None or found.content is None:
        abort(404)
    return Response(found.content, mimetype=found.mime)


def _expected(key: str, method: str) -> Upload:
    found = store().uploads.get(key)
    if found is None or found.method != method or found.content is not None:
        abort(403)
    return found


def _kept(found: Upload, content: bytes) -> ResponseReturnValue:
    if not 0 < len(content) <= MOST_BYTES:
        return _refused("The file is empty or larger than 20 MB.")
    found.content = content
    return "", 201 if found.method == "POST" else 200


def _refused(why: str) -> ResponseReturnValue:
    return {"error": why}, 400
