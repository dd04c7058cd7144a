"""What staff sees of returns: what waits, what is decided for many at once, and who may give how much."""

from collections.abc import Callable, Sequence

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

from shopify_app import clock
from shopify_app.frame import language, link, say, show
from shopify_app.language import zone
from shopify_app.orders import places
from shopify_app.returns.models import Request
from shopify_app.returns.requests.deciding import WHYS
from shopify_app.returns.staff import deeds, desk, filters, goodwill, typed
from shopify_app.returns.staff.desk import Page
from shopify_app.returns.staff.filters import Filter
from shopify_app.shopify import guards

admin = Blueprint("returns_admin", __name__, url_prefix="/returns")
admin.before_request(guards.merchant)


@admin.get("")
def page() -> ResponseReturnValue:
    counts = desk.counts(g.shop, g.user)
    name = request.args.get("show") or ("decide" if counts["decide"] else "all")
    if name not in desk.VIEWS:
        abort(404)
    after, before = (places.find(request.args.get(word, "")) for word in ("after", "before"))
    only = filters.read(request.args)
    found = desk.page(g.shop, name, g.user, only, after=after, before=before)
    choice = desk.reasons_known(found.rows, language(), only.reason)
    told = {"counts": counts, "reasons": choice} | _listed(found, name, only)
    return show("returns/staff/queue.html", chosen=name, **told)


@admin.post("/search")
def search() -> ResponseReturnValue:
    """A POST, since an e-mail address belongs into no URL. Nothing typed shows everything again."""
    text = request.form.get("q", "").strip()
    found = desk.search(g.shop, text) if text else desk.page(g.shop, "all", g.user)
    return show("returns/staff/list.html", chosen="found" if text else "all", **_listed(found, "all"))


@admin.post("/approvals")
def approve() -> ResponseReturnValue:
    """Each on its own: one that is decided meanwhile, or needs another person, holds up no other."""
    return _each(lambda one: deeds.approve(g.shop, one, g.user), "approved")


@admin.post("/refusals")
def decline() -> ResponseReturnValue:
    why, message = request.form.get("why", ""), typed.text(request.form.get("message", ""))
    if why not in WHYS or message is None:
        return typed.wrong({"why": why not in WHYS, "message": message is None})
    return _each(lambda one: deeds.decline(g.shop, one, g.user, why, message), "declined")


@admin.get("/limits")
def limits() -> ResponseReturnValue:
    """And what was given, the newest first."""
    ledger = goodwill.ledger(g.shop)
    names = desk.names(g.shop, ledger)
    return show("returns/staff/limits.html", limits=goodwill.limits(g.shop), ledger=ledger, names=names)


def _each(do: Callable[[Request], str], word: str) -> ResponseReturnValue:
    """`do` to every return that was chosen, and say of each that could not be done why."""
    chosen = [int(text) for text in request.form.getlist("id") if text.isascii() and text.isdigit() and len(text) < 19]
    found = desk.some(g.shop, chosen[: desk.PAGE])
    if not found:
        return say(language().t("Please choose returns first."), status=422)
    names = desk.names(g.shop, found)
    came: dict[str, list[str]] = {}
    for one in found:
        came.setdefault(do(one), []).append(one.name or names.get(one.order_id) or str(one.id))
    done = len(came.get("done", ()))
    return say(" ".join(_told(came, word)), status=200 if done else 409, is_stale=True)


def _told(came: dict[str, list[str]], word: str) -> Sequence[str]:
    """Of {"done": [names], "overtaken": …, "asked": …}, a sentence each."""
    t, n, listed = language().t, language().n, language().listed
    done = len(came.get("done", ()))
    said = []
    if done:
        said.append(
            n("{count} approved.", "{count} approved.", done)
            if word == "approved"
            else n("{count} declined.", "{count} declined.", done)
        )
    if names := came.get("overtaken"):
        said.append(t("Decided meanwhile, or not to be decided now: {names}.", names=listed(names)))
    if names := came.get("asked"):
        said.append(t("Above your limit, so another person has to agree: {names}.", names=listed(names)))
    return said


def _listed(found: Page, name: str, only: Filter = desk.ANY) -> dict[str, object]:
    before = found.before and link("/returns", show=name, before=found.before, **only.query)
    after = found.after and link("/returns", show=name, after=found.after, **only.query)
    return {
        "rows": found.rows,
        "only": only,
        "before": before,
        "after": after,
        "desk": desk,
        "now": clock.now(),
        "zone": zone(g.shop.timezone),
        "whys": WHYS,
        "longest": typed.LONGEST,
    }
