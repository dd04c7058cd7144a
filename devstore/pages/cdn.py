"""What stands for cdn.shopify.com: the two scripts of the admin, the extensions, the pictures of the products."""

import gzip
from pathlib import Path

from flask import Blueprint, Response, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from devstore import extensions, pictures
from devstore.context import store

blueprint = Blueprint("cdn", __name__, url_prefix="/cdn")
STATIC = Path(__file__).parents[1] / "static"


@blueprint.get("/app-bridge.js")
def app_bridge() -> ResponseReturnValue:
    return _one_script([STATIC / "app-bridge.js"], alone=True)


@blueprint.get("/polaris.js")
@blueprint.get("/polaris-1.js")
def polaris() -> ResponseReturnValue:
    """The files of static/polaris as one script, so that each can be read by itself."""
    return _one_script(sorted((STATIC / "polaris").glob("*.js")))


@blueprint.get("/extensions/elements.js")
def elements() -> ResponseReturnValue:
    """The same for extensions, whose own elements come before those of the admin."""
    first, icons, *others = sorted((STATIC / "polaris").glob("*.js"))
    return _one_script([first, icons, STATIC / "extensions" / "elements.js", *others])


@blueprint.get("/extensions/<handle>/frame.html")
def frame(handle: str) -> str:
    """The empty document in which an extension runs; the page around it says at which target."""
    return render_template("extensions/frame.html", handle=handle)


@blueprint.get("/extensions/<handle>/bundle.js")
def bundle(handle: str) -> ResponseReturnValue:
    found = next((each for each in extensions.read(store().config.extensions) if each.handle == handle), None)
    if found is None or not found.script.exists():
        abort(404)
    return send_file(found.script.resolve(), mimetype="text/javascript", max_age=0)


@blueprint.get("/pictures/<name>.png")
def picture(name: str) -> ResponseReturnValue:
    """A product's picture; `width` in pixels as in Shopify's image addresses."""
    width = request.args.get("width", pictures.SIZE, type=int)
    try:
        image = pictures.draw(name, min(max(16, width), pictures.SIZE))
    except KeyError:
        abort(404)
    return Response(image, mimetype="image/png", headers={"Cache-Control": "public, max-age=86400"})


def _one_script(files: list[Path], *, alone: bool = False) -> Response:
    """Packed, as the real ones come. `alone`: as it stands, without a function around it."""
    text = "\n".join(file.read_text() for file in files)
    answer = Response(text if alone else f"(() => {{\n{text}}})();\n", mimetype="text/javascript")
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip"):
        answer.data = gzip.compress(answer.data, mtime=0)
        answer.headers["Content-Encoding"] = "gzip"
    return answer
