"""Paragraphs, **bold**, [words](https://…) and lists of "- …": what a merchant's text can be marked with.

Only what stands in the template is a mark: the signs inside of values are hidden before they are filled in, so nobody's
name becomes a link.
"""

import re
from collections.abc import Callable, Mapping

from markupsafe import Markup, escape

from shopify_app.addresses import web

SIGNS = "*[]()-"
_HIDDEN = str.maketrans({sign: chr(0xE000 + place) for place, sign in enumerate(SIGNS)})
_SHOWN = str.maketrans({chr(0xE000 + place): sign for place, sign in enumerate(SIGNS)})
LINK = re.compile(r"\[([^\[\]\n]+)\]\(([^()\s]+)\)")
BOLD = re.compile(r"\*\*(\S(?:[^\n]*?\S)?)\*\*")
ITEM = re.compile(r"[-*] +")


def hidden(values: Mapping[str, str | None]) -> Mapping[str, str | None]:
    """The values, to be filled into a template whose result is one for plain() and html()."""
    return {name: value and value.translate(_HIDDEN) for name, value in values.items()}


def line(text: str) -> str:
    """One line without marks: a subject, a button."""
    return " ".join(text.translate(_SHOWN).split())


def plain(text: str) -> str:
    """For the form without HTML: a link's address stands behind its words."""
    bare = BOLD.sub(r"\1", LINK.sub(_written_out, text))
    blocks = (re.sub(r"[ \t]*\n[ \t]*", "\n", block.strip()) for block in re.split(r"\n\s*\n", bare))
    return "\n\n".join(block for block in blocks if block).translate(_SHOWN)


def _written_out(link: re.Match[str]) -> str:
    words, address = link[1], link[2]
    return address if words == address else f"{words} ({address})"


def html(text: str) -> Markup:
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r", ""))]
    return Markup("\n").join(_block(block) for block in blocks if block)


def _block(block: str) -> Markup:
    lines = [line.strip() for line in block.split("\n")]
    if all(ITEM.match(line) for line in lines):
        return Markup("<ul>{}</ul>").format(
            Markup("").join(Markup("<li>{}</li>").format(_marked(ITEM.sub("", line, count=1))) for line in lines)
        )
    return Markup("<p>{}</p>").format(Markup("<br>").join(_marked(line) for line in lines))


def _marked(line: str) -> Markup:
    return _around(LINK, line, _link, _bold)


def _bold(line: str) -> Markup:
    return _around(BOLD, line, lambda found: Markup("<strong>{}</strong>").format(_text(found[1])), _text)


def _link(found: re.Match[str]) -> Markup:
    address = web(found[2].translate(_SHOWN))
    words = _bold(found[1])
    return Markup('<a href="{}">{}</a>').format(address, words) if address else words


def _text(text: str) -> Markup:
    return escape(text.translate(_SHOWN))


def _around(
    mark: re.Pattern[str], line: str, inside: Callable[[re.Match[str]], Markup], outside: Callable[[str], Markup]
) -> Markup:
    """What the mark holds by `inside`, what stands around it by `outside`."""
    parts, place = [], 0
    for found in mark.finditer(line):
        parts += [outside(line[place : found.start()]), inside(found)]
        place = found.end()
    return Markup("").join([*parts, outside(line[place:])])
