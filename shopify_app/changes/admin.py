"""What staff sees of buyers' requests, and what each button does."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

from shopify_app import postal
from shopify_app import settings as kept
from shopify_app.changes import decisions, execution, form, rules
from shopify_app.changes.models import KINDS, Change
from shopify_app.db import transaction
from shopify_app.frame import language, say, show
from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.shopify import guards

admin = Blueprint("changes_admin", __name__, url_prefix="/changes")
admin.before_request(guards.merchant)

LONGEST_ANSWER = 1000
"""Characters of what staff writes to the buyer."""


@dataclass(frozen=True, slots=True)
class Row:
    change: Change
    order: Order
    wanted: Sequence[str]
    before: Sequence[str]


@admin.get("")
def page() -> ResponseReturnValue:
    return show(
        "changes/list.html",
        waiting=_rows(decisions.open_ones(g.shop)),
        ended=_rows(decisions.ended(g.shop)),
        may_write=execution.may_write(g.shop),
        longest=LONGEST_ANSWER,
    )


@admin.post("/<int:change_id>/confirmation")
def confirm(change_id: int) -> ResponseReturnValue:
    if not execution.may_write(g.shop):
        return say(language().t("Shopify has not allowed Aftercare to change orders yet."), status=409)
    return _did(decisions.confirm(g.shop, _known(change_id), str(g.user)), language().t("It is being done."))


@admin.post("/<int:change_id>/refusal")
def decline(change_id: int) -> ResponseReturnValue:
    answer = request.form.get("answer", "").strip()
    if len(answer) > LONGEST_ANSWER or not form.is_plain(answer.replace("\r", "").replace("\n", "")):
        said = language().t("This is too long, or has signs in it that no mail can hold.")
        return say(said, status=422, errors={"answer": said})
    declined = decisions.decline(g.shop, _known(change_id), str(g.user), answer or None)
    return _did(declined, language().t("Declined. The buyer hears of it in a moment."))


@admin.post("/<int:change_id>/retry")
def try_again(change_id: int) -> ResponseReturnValue:
    return _did(decisions.try_again(g.shop, _known(change_id)), language().t("It is being tried again."))


@admin.get("/settings")
def settings() -> ResponseReturnValue:
    return show("changes/settings.html", rules={kind: rules.of(g.shop, kind) for kind in KINDS}, how=rules.HOW)


@admin.post("/settings")
def change_settings() -> ResponseReturnValue:
    try:
        chosen = rules.chosen(request.form)
    except rules.Unclear as unclear:
        said = language().t("Please choose one of these, and minutes between 1 and {most}.", most=rules.LONGEST_MINUTES)
        return say(said, status=422, errors={unclear.field: said})
    with transaction():
        kept.put(g.shop, {rules.SWITCH: chosen})
    return say(language().t("Saved"))


def _known(change_id: int) -> int:
    """404 for another shop's, whether or not there is one."""
    return change_id if decisions.get(g.shop, change_id) else abort(404)


def _did(is_done: bool, text: str) -> ResponseReturnValue:
    """A second click, or one that the buyer or the parcel was faster than, changes nothing."""
    return say(text) if is_done else say(language().t("This request is not waiting for you any more."), status=409)


def _rows(changes: Sequence[Change]) -> list[Row]:
    orders = {change.order_id: read.get(g.shop, change.order_id) for change in changes}
    return [_row(change, order) for change in changes if (order := orders[change.order_id])]


def _row(change: Change, order: Order) -> Row:
    wanted, before = (postal.lines(change.content.get(key), language()) for key in ("address", "before"))
    return Row(change, order, wanted, before)
