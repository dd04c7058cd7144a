"""What staff sees: the cases and each of them, and what the merchant sets."""

from dataclasses import dataclass

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

from shopify_app import clock, dry_runs
from shopify_app.db import transaction
from shopify_app.feedback import answers, cases, insight, requests, reviews, rules, trial, typed
from shopify_app.feedback.causes import CAUSES
from shopify_app.feedback.models import OPEN, STATES, Answer, Case
from shopify_app.frame import is_fetched, language, say, show
from shopify_app.orders import links, read
from shopify_app.orders.models import Order
from shopify_app.orders.read import Whole
from shopify_app.shopify import guards

admin = Blueprint("feedback_admin", __name__, url_prefix="/feedback")
admin.before_request(guards.merchant)


@dataclass(frozen=True, slots=True)
class Row:
    case: Case
    whole: Whole
    answer: Answer | None

    @property
    def order(self) -> Order:
        return self.whole.order


@admin.get("")
def page() -> ResponseReturnValue:
    state = request.args.get("state", OPEN)
    state = state if state in STATES else OPEN
    found = cases.listed(g.shop, state)
    ids = {case.order_id for case in found}
    names, said = read.names(g.shop, ids, deleted=False), answers.of_orders(g.shop, ids)
    rows = [(case, names[case.order_id], said.get(case.order_id)) for case in found if case.order_id in names]
    told = {"rows": rows, "state": state, "counts": cases.counts(g.shop), "causes": CAUSES, "today": clock.now()}
    return show("feedback/staff/list.html", rule=rules.of(g.shop), **told)


@admin.get("/cases/<int:case_id>")
def case(case_id: int) -> ResponseReturnValue:
    row = _row(_known(case_id)) or abort(404)
    return show(
        "feedback/staff/case.html",
        row=row,
        entries=cases.entries(row.case),
        reviews=reviews.of_order(g.shop, row.order.id),
        causes=CAUSES,
        longest=typed.LONGEST,
        buyers_page=links.url(g.shop, row.order.id),
    )


@admin.post("/cases/<int:case_id>/notes")
def note(case_id: int) -> ResponseReturnValue:
    text = typed.text(request.form, "note")
    if not text:
        said = language().t("Please write something.")
        return say(said, status=422, errors={"note": said})
    return _did(cases.note(g.shop, _known(case_id).id, str(g.user), text))


@admin.post("/cases/<int:case_id>/<any(open, answered, solved):state>")
def move(case_id: int, state: str) -> ResponseReturnValue:
    return _did(cases.move(g.shop, _known(case_id).id, str(g.user), state, typed.text(request.form, "note")))


@admin.post("/cases/<int:case_id>/cause")
def find_cause(case_id: int) -> ResponseReturnValue:
    if not cases.find_cause(g.shop, _known(case_id).id, request.form.get("cause", "")):
        said = language().t("Please choose one of these.")
        return say(said, status=422, errors={"cause": said})
    return say(language().t("Saved"))


@admin.get("/causes")
def ranked() -> ResponseReturnValue:
    """With the rows behind one of the numbers, where `shown` names it."""
    found = insight.of(g.shop)
    ranks = dict((*found.told, *found.known)) | {f"product-{place}": one for place, one in enumerate(found.products)}
    shown = ranks.get(request.args.get("shown", ""))
    told = {"found": found, "shown": shown, "days": insight.SPAN.days, "examples": insight.EXAMPLES}
    return show("feedback/staff/causes.html", **told)


@admin.get("/trial")
def try_out() -> ResponseReturnValue:
    found = trial.run(g.shop) if is_fetched() else None
    told = {"trial": found, "rule": rules.of(g.shop), "days": trial.SPAN.days, "shown": trial.SHOWN}
    return show("feedback/staff/trial.html", seen=dry_runs.proof(trial.NAME, g.shop.id), **told)


@admin.post("/switch")
def switch() -> ResponseReturnValue:
    """On only from the page of the dry run; off from anywhere."""
    is_on = request.args.get("to") == "on"
    if is_on and not dry_runs.is_seen(trial.NAME, g.shop.id, request.args.get("seen", "")):
        return say(language().t("Please look at the dry run first."), status=409)
    with transaction():
        rules.switch(g.shop, is_on=is_on)
        if is_on:
            requests.begin(g.shop)
    return say(language().t("Requests are switched on.") if is_on else language().t("Requests are switched off."))


@admin.get("/settings")
def settings() -> ResponseReturnValue:
    coming = requests.coming(g.shop)
    names = read.names(g.shop, {one.order_id for one in coming})
    return show("feedback/staff/settings.html", rule=rules.of(g.shop), limits=rules.LIMITS, coming=coming, names=names)


@admin.post("/settings")
def change_settings() -> ResponseReturnValue:
    try:
        chosen = rules.chosen(request.form)
    except rules.Unclear as unclear:
        errors = {name: language().t(text) for name, text in unclear.errors.items()}
        return say(next(iter(errors.values())), status=422, errors=errors)
    with transaction():
        rules.keep(g.shop, **chosen)
        if rules.of(g.shop).since:
            requests.begin(g.shop)
    return say(language().t("Saved"))


def _known(case_id: int) -> Case:
    """404 for another shop's, whether or not there is one."""
    return cases.get(g.shop, case_id) or abort(404)


def _row(case: Case) -> Row | None:
    """None for one whose order is gone."""
    whole = read.whole(g.shop, case.order_id)
    return Row(case, whole, answers.of(g.shop, case.order_id)) if whole else None


def _did(is_done: bool) -> ResponseReturnValue:
    """A second click, or one that a colleague was faster than, changes nothing."""
    if is_done:
        return say(language().t("Saved"))
    return say(language().t("This case is so already, or gone."), status=409)
