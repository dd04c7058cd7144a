"""What every page in the admin's frame has in common: the merchant's language, links that survive, script headers."""

import gzip
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime, format_time
from flask import Response, g, jsonify, make_response, request

from shopify_app import clock, statics
from shopify_app.language import Language, render, speak, zone
from shopify_app.shopify import guards, staff

KEPT = ("host", "locale")
"""What Shopify gave to the first address and a page still needs after a reload, beside the shop."""

PACKING = 5
"""Of 9: beyond it the server's time grows faster than the page shrinks."""
SCRIPTS = ("app-bridge.js", "polaris-1.js")


def show(template: str, **context: Any) -> Response:
    """A whole page or a piece of one. It holds buyers' names, so no cache keeps it."""
    answer = make_response(render(template, locale(), **everywhere(), **context))
    if not is_fetched():
        cdn = guards.config().cdn_url
        answer.headers["Link"] = ", ".join(f'<{cdn}/{name}>; rel="preload"; as="script"' for name in SCRIPTS)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Server-Timing"] = f"app;dur={guards.elapsed() * 1000:.0f}"
    return _packed(answer)


def _packed(answer: Response) -> Response:
    """A page of settings is ten times smaller so, and comes a third of a second sooner over a phone's line."""
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip"):
        answer.data = gzip.compress(answer.data, PACKING, mtime=0)
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def say(text: str, *, status: int = 200, **more: Any) -> Response:
    """The answer to a POST of static/admin.js, which shows `text` for a moment and marks the fields of `errors`."""
    answer = jsonify({"toast": text, "is_error": status >= 400} | more)
    answer.status_code = status
    return answer


def offer(name: str, content: dict[str, Any]) -> Response:
    """A file for the merchant to keep."""
    answer = make_response(json.dumps(content, indent=2, ensure_ascii=False))
    answer.mimetype = "application/json"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def is_fetched() -> bool:
    """Asked for by a script of our page, which App Bridge signs. Before the document itself nobody outside is asked and
    nothing long is worked out: that comes with a fetch of the same address, for the page's parts with `data-later`.
    """
    return "Authorization" in request.headers and "X-Shopify-Bounce" not in request.headers


def link(path: str, **query: object) -> str:
    """A path of ours, with what the guard and App Bridge need to find their way. Nothing personal goes into it."""
    kept = {name: request.args[name] for name in KEPT if name in request.args}
    return f"{path}?{urlencode(query | {'embedded': 1, 'shop': g.framing_shop} | kept)}"


def locale() -> str:
    """The admin tells what its user reads."""
    return request.args.get("locale", "en")


def language() -> Language:
    return speak(locale())


def everywhere() -> dict[str, Any]:
    """What a template in the frame may use."""
    words = {"link": link, "asset": statics.address, "tongue": tongue, "is_to_come": is_to_come, "called": called}
    words |= {"minute": minute, "second": second, "kept_day": kept_day}
    return words | {"config": guards.config(), "is_fetched": is_fetched()}


def minute(moment: datetime) -> str:
    """Day and time in the shop's zone, as in "Nov 21, 2026, 10:05 AM"."""
    local, words = moment.astimezone(zone(g.shop.timezone)), language()
    return f"{format_date(local, 'medium', words.locale)}, {format_time(local, 'short', locale=words.locale)}"


def second(moment: datetime, since: datetime | None = None) -> str:
    """Exact, for comparing one thing with the next; without the day where that is the day of `since`."""
    local, words = moment.astimezone(zone(g.shop.timezone)), language().locale
    if since and since.astimezone(local.tzinfo).date() == local.date():
        return format_time(local, "medium", locale=words)
    return format_datetime(local, "medium", locale=words)


def called(user: str) -> str | None:
    """Somebody of the staff, by Shopify's number; None: nobody has typed a name."""
    if "staff_names" not in g:
        g.staff_names = staff.names(g.shop)
    name: str | None = g.staff_names.get(user)
    return name


def is_to_come(moment: datetime) -> bool:
    return moment > clock.now()


def kept_day(moment: str) -> str:
    """Of a moment that was kept as text (ISO 8601)."""
    return language().day(datetime.fromisoformat(moment), zone(g.shop.timezone))


def tongue(tag: str) -> str:
    """A language such as "fr-CA", by its name in the merchant's."""
    code = tag.replace("_", "-").partition("-")[0].lower()
    return str(language().locale.languages.get(code, tag))
