"""stagedUploadsCreate: where a label is to be sent."""

from typing import Any

from devstore.graphql.caller import Info, caller
from devstore.uploads import LABELS, MOST_BYTES

Given = dict[str, Any]


def create(info: Info, input: list[Given]) -> Given:
    wrong = [error for place, each in enumerate(input) if (error := _wrong_with(place, each))]
    if wrong:
        return {"stagedTargets": None, "userErrors": wrong}
    return {"stagedTargets": [_target(info, each) for each in input], "userErrors": []}


def _target(info: Info, given: Given) -> Given:
    who = caller(info)
    made = who.uploads.expect(given["filename"], given["mimeType"], given["httpMethod"])
    address = f"{who.central}/uploads/{made.key}/{given['filename']}"
    form = [("key", made.key), ("Content-Type", made.mime), ("success_action_status", "201")]
    header = [("content_type", made.mime), ("acl", "private")]
    parameters = form if made.method == "POST" else header
    return {
        "url": address,
        "resourceUrl": address,
        "parameters": [{"name": name, "value": value} for name, value in parameters],
    }


def _wrong_with(place: int, given: Given) -> Given | None:
    field = ["input", str(place)]
    if given["mimeType"] not in LABELS:
        return {"field": [*field, "mimeType"], "message": "A label is a PDF or an image"}
    if not given["filename"].strip() or "/" in given["filename"]:
        return {"field": [*field, "filename"], "message": "Filename is invalid"}
    size = given.get("fileSize")
    if size is not None and int(size) > MOST_BYTES:
        return {"field": [*field, "fileSize"], "message": "File is larger than 20 MB"}
    return None
