"""What stands for cdn.shopify.com: the two scripts of the admin, and the pictures of the products."""

from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory
from flask.typing import ResponseReturnValue

from devstore import pictures

blueprint = Blueprint("cdn", __name__, url_prefix="/cdn")
STATIC = Path(__file__).parents[1] / "static"


@blueprint.get("/app-bridge.js")
def app_bridge() -> ResponseReturnValue:
    return send_from_directory(STATIC, "app-bridge.js", max_age=0)


@blueprint.get("/polaris.js")
@blueprint.get("/polaris-1.js")
def polaris() -> ResponseReturnValue:
    """The files of static/polaris as one script, so that each can be read by itself."""
    parts = [path.read_text() for path in sorted((STATIC / "polaris").glob("*.js"))]
    return Response("(() => {\n" + "\n".join(parts) + "})();\n", mimetype="text/javascript")


@blueprint.get("/pictures/<name>.png")
def picture(name: str) -> ResponseReturnValue:
    """A product's picture; `width` in pixels as in Shopify's image addresses."""
    width = request.args.get("width", pictures.SIZE, type=int)
    try:
        image = pictures.draw(name, min(max(16, width), pictures.SIZE))
    except KeyError:
        abort(404)
    return Response(image, mimetype="image/png", headers={"Cache-Control": "public, max-age=86400"})
