"""The file of a label, judged by what stands in it, whatever its name or its sender says."""

import io

from PIL import Image

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg"}
PDF = "application/pdf"

File = tuple[str, bytes]
"""Its media type, PDF or one of PICTURES, and its content."""


def read(content: bytes) -> File | None:
    """None for what no printer would take as a label."""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]:
        return PDF, content
    kind = _picture(content)
    return (kind, content) if kind else None


def _picture(content: bytes) -> str | None:
    try:
        with Image.open(io.BytesIO(content), formats=tuple(PICTURES)) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.load()
            return PICTURES[image.format or ""]
    except Exception:
        # A broken file breaks its decoder in more ways than can be listed.
        return None
