"""One return on one page, and what each button on it does. Every deed looks again at how the return stands."""

from collections.abc import Mapping

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from shopify_app import clock
from shopify_app.frame import is_fetched, language, say, show
from shopify_app.language import words, zone
from shopify_app.photos import MOST
from shopify_app.returns import codes, papers, requests
from shopify_app.returns.execution import run as execution
from shopify_app.returns.models import APPROVED, CANCELLED, CLOSED, DECLINED, RECEIVED, REFUNDED, Request
from shopify_app.returns.policy import reasons
from shopify_app.returns.requests import labelling
from shopify_app.returns.requests.deciding import WHYS
from shopify_app.returns.requests.handling import MISSING
from shopify_app.returns.requests.inspecting import CONDITIONS
from shopify_app.returns.staff import amend, case, deeds, desk, goodwill, inspection, labels, typed
from shopify_app.shopify import guards

review = Blueprint("returns_review", __name__, url_prefix="/returns/<int:request_id>")
review.before_request(guards.merchant)

MEANWHILE: Mapping[str, str] = {
    APPROVED: words("Somebody was faster: it is approved."),
    RECEIVED: words("Somebody was faster: the goods are back already."),
    REFUNDED: words("Somebody was faster: it is refunded."),
    DECLINED: words("Somebody was faster: it is declined."),
    CANCELLED: words("Somebody was faster: it was called off."),
    CLOSED: words("Somebody was faster: it is closed."),
}
"""State of a return → why a deed came too late."""


@review.get("")
def page(request_id: int) -> ResponseReturnValue:
    """With the buttons that this moment allows."""
    return show(
        "returns/staff/review.html",
        case=case.read(g.shop, _known(request_id), g.user, language(), asks=is_fetched()),
        may_decide=goodwill.may_decide(g.shop, g.user),
        may_write=execution.may_write(g.shop),
        code=codes.code(g.shop, request_id),
        desk=desk,
        zone=zone(g.shop.timezone),
        now=clock.now(),
        whys=WHYS,
        missing=MISSING,
        longest=typed.LONGEST,
        carriers=labels.carriers(),
    )


@review.post("/approval")
def approve(request_id: int) -> ResponseReturnValue:
    came = deeds.approve(g.shop, _known(request_id), g.user)
    return _told(request_id, came, language().t("Approved. The buyer hears of it in a moment."))


@review.post("/refusal")
def decline(request_id: int) -> ResponseReturnValue:
    why, message, reason = request.form.get("why", ""), _typed("message"), _typed("reason")
    if why not in WHYS or message is None or reason is None:
        return typed.wrong({"why": why not in WHYS, "message": message is None, "reason": reason is None})
    came = deeds.decline(g.shop, _known(request_id), g.user, why, message, reason)
    return _told(request_id, came, language().t("Declined. The buyer hears of it in a moment."))


@review.post("/question")
def ask(request_id: int) -> ResponseReturnValue:
    question = _typed("question")
    if not question:
        return typed.wrong({"question": True})
    is_done = requests.question(g.shop, _known(request_id).id, g.user, question)
    return _did(request_id, is_done, language().t("The buyer gets your question in a moment."))


@review.get("/lines")
def lines(request_id: int) -> ResponseReturnValue:
    """What else could come back, as Shopify says now."""
    found = _known(request_id)
    shelf = amend.read(g.shop, found) if is_fetched() else None
    return show("returns/staff/lines.html", request=found, shelf=shelf, named=reasons.named)


@review.post("/lines")
def change(request_id: int) -> ResponseReturnValue:
    t, found = language().t, _known(request_id)
    shelf = amend.read(g.shop, found)
    if shelf is None:
        return say(t("Shopify shows nothing of this order that can come back."), status=409)
    try:
        wishes = amend.chosen(shelf, request.form)
        came = amend.change(g.shop, found, g.user, shelf, wishes)
    except amend.Unclear as unclear:
        said = t("Please choose what there is, and at least one piece.")
        return say(said, status=422, errors={unclear.field: said})
    except requests.Taken:
        return say(t("Some of it has just been asked for from elsewhere."), status=409, is_stale=True)
    return _told(request_id, came, t("Changed. The return is filed anew with Shopify."))


@review.post("/label")
def label(request_id: int) -> ResponseReturnValue:
    """A file, or the address of one; with the parcel's number where there is one."""
    request.max_content_length = papers.MOST_BYTES + 64 * 1024
    found = _known(request_id)
    try:
        chosen = labels.chosen(request.files.get("file"), request.form, labelling.today(g.shop))
    except labels.Unfit as unfit:
        said = language().t(unfit.sentence, megabytes=papers.MOST_BYTES // 1024**2)
        return say(said, status=422, errors={unfit.field: said})
    is_done = requests.label(
        g.shop, found.id, g.user, chosen.file, chosen.number, chosen.url, chosen.until, chosen.carrier
    )
    return _did(request_id, is_done, language().t("The buyer gets the label in a moment."))


@review.post("/receipt")
def receive(request_id: int) -> ResponseReturnValue:
    found = _known(request_id)
    try:
        units = deeds.received(case.read(g.shop, found, g.user, language()).to_come, request.form)
        is_done = requests.receive(g.shop, found.id, g.user, units)
    except ValueError:
        said = language().t("Please say how many came back of each so far.")
        return say(said, status=422)
    return _did(request_id, is_done, language().t("Noted. The refund is due within 24 hours."))


@review.get("/inspection")
def inspection_page(request_id: int) -> ResponseReturnValue:
    """Where something is not as it should be."""
    [row] = desk.rows(g.shop, [_known(request_id)])
    told = {"conditions": CONDITIONS, "longest": typed.LONGEST, "most": MOST}
    return show("returns/staff/inspection.html", row=row, **told)


@review.post("/inspection")
def inspect(request_id: int) -> ResponseReturnValue:
    t, found = language().t, _known(request_id)
    request.max_content_length = inspection.MOST_BYTES
    items = requests.items(g.shop, [found.id])[found.id]
    try:
        is_done = requests.inspect(g.shop, found.id, g.user, inspection.judged(items, request.form, request.files))
    except inspection.Unfit as unfit:
        said = t(unfit.sentence)
        return say(said, status=422, errors={unfit.field: said})
    except RequestEntityTooLarge:
        return say(t("These photos are too large. Please choose fewer or smaller ones."), status=413)
    if not is_done and found.state == RECEIVED:
        return say(t("Somebody was faster: it is inspected."), status=409, is_stale=True)
    return _did(request_id, is_done, t("The inspection is noted."))


@review.post("/refund")
def refund(request_id: int) -> ResponseReturnValue:
    found = _known(request_id)
    if any(item.uninspected for item in requests.items(g.shop, [found.id])[found.id]):
        return say(language().t("Please inspect first what came back."), status=409, is_stale=True)
    is_waived, other = request.form.get("waived") == "on", request.form.get("amount", "").strip()
    amount = typed.amount(other, found.currency) if other else None
    if other and amount is None:
        said = language().t("This is no amount that can be refunded.")
        return say(said, status=422, errors={"amount": said})
    came = deeds.refund(g.shop, found, g.user, is_waived=is_waived, amount=amount)
    return _told(request_id, came, language().t("The refund is on its way."))


@review.post("/retry")
def try_again(request_id: int) -> ResponseReturnValue:
    is_done = requests.try_again(g.shop, _known(request_id).id)
    return _did(request_id, is_done, language().t("It is being tried again."))


@review.post("/cancellation")
def cancel(request_id: int) -> ResponseReturnValue:
    is_done = requests.cancel(g.shop, _known(request_id).id, g.user)
    return _did(request_id, is_done, language().t("The return is called off."))


@review.post("/notes")
def note(request_id: int) -> ResponseReturnValue:
    found = _typed("note")
    if not found:
        return typed.wrong({"note": True})
    return _did(request_id, requests.note(g.shop, _known(request_id).id, g.user, found), language().t("Saved"))


@review.post("/assignment")
def assign(request_id: int) -> ResponseReturnValue:
    """To whoever asks, or to nobody."""
    user = g.user if request.form.get("to") == "me" else None
    return _did(request_id, requests.assign(g.shop, _known(request_id).id, user, g.user), language().t("Saved"))


@review.post("/flag")
def settle(request_id: int) -> ResponseReturnValue:
    """Somebody has looked closely."""
    return _did(request_id, requests.settle(g.shop, _known(request_id).id, g.user), language().t("Saved"))


@review.post("/goodwill/<int:number>")
def agree(request_id: int, number: int) -> ResponseReturnValue:
    """Or not: what another member of staff wants to give."""
    t, answer, amount = language().t, request.form.get("answer"), request.form.get("amount", "")
    if answer not in ("yes", "no") or not (amount.isascii() and amount.isdigit() and len(amount) < 19):
        abort(400)
    found = _known(request_id)
    came = goodwill.decide(g.shop, found.id, number, g.user, int(amount), is_granted=answer == "yes")
    if came == "not_you":
        return say(t("This needs another person’s agreement than yours."), status=403)
    return _did(request_id, came == "done", t("Agreed.") if answer == "yes" else t("Not agreed."))


def _known(request_id: int) -> Request:
    """404 for another shop's, whether or not there is one."""
    return requests.get(g.shop, request_id) or abort(404)


def _typed(field: str) -> str | None:
    return typed.text(request.form.get(field, ""))


def _told(request_id: int, came: str, text: str) -> ResponseReturnValue:
    if came == "asked":
        said = language().t("This is more than you may give alone. Another person finds it here and can agree.")
        return say(said, status=202, is_stale=True)
    return _did(request_id, came == "done", text)


def _did(request_id: int, is_done: bool, text: str) -> ResponseReturnValue:
    """A second click, or one that somebody else was faster than, changes nothing and says what there is now."""
    if is_done:
        return say(text)
    found, t = requests.get(g.shop, request_id), language().t
    said = t(MEANWHILE[found.state]) if found and found.state in MEANWHILE else t("This cannot be done at the moment.")
    return say(said, status=409, is_stale=True)
