"""Files that every visitor gets alike. Each has an address that changes with its content, so a browser that has it need
never ask again (Shopify's advice for a fast admin).
"""

import hashlib
from functools import cache
from pathlib import Path

from flask import Response, request, url_for

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"


@cache
def content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@cache
def version(name: str) -> str:
    return hashlib.sha256(content(name)).hexdigest()[:12]


def address(name: str) -> str:
    return url_for("static", filename=name, v=version(name))


def keep(answer: Response) -> Response:
    """After every request. While a new version is being rolled out an older process may be asked for a newer file: what
    it answers is kept for a short time only.
    """
    if request.endpoint == "static" and answer.status_code in (200, 304):
        name = (request.view_args or {})["filename"]
        if request.args.get("v") == version(name):
            answer.headers["Cache-Control"] = FOREVER
    return answer
