"""Where a merchant sets the terms of returns, reads what they mean, and sees who changed them when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from shopify_app import karrio, roles
from shopify_app.frame import is_fetched, language, say, show
from shopify_app.money import decimal
from shopify_app.returns.models import OUTCOMES
from shopify_app.returns.policy import clauses, form, policies
from shopify_app.returns.policy.clauses import Clause, named
from shopify_app.returns.policy.terms import FAULTS, LABELS, MAY, STARTS, SUBJECTS, Rule, Terms, unpacked
from shopify_app.shopify import guards
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import ShopifyError

policy = Blueprint("returns_policy", __name__, url_prefix="/returns/policy")
policy.before_request(guards.merchant)

USUAL_REASONS = (*FAULTS, "quality", "arrived-late", "too-tight", "comfort", "color-too-bright")
"""Shopify's, where it is not asked yet or cannot be."""


class Version(NamedTuple):
    number: int
    since: datetime
    made_by: str | None
    changed: Sequence[str]
    """What it says and the one before did not."""


@policy.get("")
def page() -> ResponseReturnValue:
    _, terms = policies.current(g.shop)
    return show(
        "returns/staff/policy.html",
        terms=terms,
        meaning=[one for one in _clauses(terms) if one.sentences],
        versions=versions(),
        reasons=_reasons(terms),
        choices={"starts": STARTS, "subjects": SUBJECTS, "may": MAY, "outcomes": OUTCOMES, "labels": LABELS},
        most_days=form.MOST_DAYS,
        sells_labels=karrio.server() is not None,
        no_rule=Rule(about="product_tag", values=()),
        decimal=decimal,
    )


@policy.post("")
def change() -> ResponseReturnValue:
    roles.check(g.shop, roles.SETTINGS)
    try:
        terms = form.read(request.form, g.shop.currency)
    except form.Unclear as unclear:
        errors = {field: language().t(text, most=form.MOST_DAYS) for field, text in unclear.errors.items()}
        return say(language().t("Some fields need another look."), status=422, errors=errors)
    policies.write(g.shop, terms, str(g.user))
    return say(language().t("Saved. It holds for orders from now on."))


def _clauses(terms: Terms) -> Sequence[Clause]:
    currency = g.shop.currency
    return [*clauses.of(terms, currency, language()), *clauses.for_staff(terms, currency, language())]


def versions() -> Sequence[Version]:
    """The newest first."""
    rows = policies.history(g.shop)
    said = [_sentences(unpacked(row.content)) for row in rows]
    befores = [*said[1:], *said[-1:]]
    return [
        Version(row.version, row.in_force_at, row.made_by, [one for one in now if one not in before])
        for row, now, before in zip(rows, said, befores, strict=True)
    ]


def _sentences(terms: Terms) -> Sequence[str]:
    return [sentence for clause in _clauses(terms) for sentence in clause.sentences]


def _reasons(terms: Terms) -> Mapping[str, str]:
    """Handle → name: Shopify's library, and what the terms name besides."""
    used = {handle: named(handle) for handle in (*USUAL_REASONS, *(one.handle for one in terms.reasons))}
    if not is_fetched():
        return used
    try:
        found = AdminApi(g.shop).run("returns/reasons")["returnReasonDefinitions"]["nodes"]
    except ShopifyError:
        return used
    told = {one["handle"]: one["name"] for one in found if not one["deleted"]}
    return told | {one.handle: named(one.handle) for one in terms.reasons if one.handle not in told}
