"""The merchant's page of staff: who they are, what each may do, and how much an agent may give without asking."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from shopify_app import roles, settings
from shopify_app.db import transaction
from shopify_app.frame import language, say, show
from shopify_app.money import decimal, exponent
from shopify_app.returns.staff import goodwill, typed
from shopify_app.returns.staff.goodwill import Limits
from shopify_app.shopify import guards, staff
from shopify_app.shopify.models import Shop

people = Blueprint("staff", __name__, url_prefix="/settings/staff")
people.before_request(guards.merchant)

ROLES = "roles"
"""How the history calls the roles: they stand with the people, not among the settings."""
LARGEST = 1_000_000
"""Whole units of money in a limit."""
LONGEST = 60
"""Signs of a name."""


class Typed(NamedTuple):
    roles: Mapping[str, str]
    names: Mapping[str, str]
    new_role: str
    limits: Limits


@people.get("")
def page() -> ResponseReturnValue:
    return show(
        "home/staff.html",
        people=staff.everybody(g.shop),
        roles=staff.ROLES,
        new_role=staff.new_role(g.shop),
        limits=goodwill.limits(g.shop),
        may_set=roles.may(g.shop, roles.STAFF),
        decimal=decimal,
        longest=LONGEST,
    )


@people.post("")
def change() -> ResponseReturnValue:
    roles.check(g.shop, roles.STAFF)
    read = _read(staff.everybody(g.shop))
    if not isinstance(read, Typed):
        return say(next(iter(read.values())), status=422, errors=read)
    try:
        with transaction():
            staff.rename(g.shop, read.names)
            settings.put(g.shop, {staff.SETTING: {"role": read.new_role}})
            goodwill.set_limits(g.shop, read.limits)
            assign(g.shop, read.roles)  # last: whoever gives away the own role could do nothing more
    except roles.NoOwner:
        said = no_owner()
        return say(said, status=409, errors={f"role-{g.user}": said})
    return say(language().t("Saved"))


def assign(shop: Shop, wanted: Mapping[str, str], undoes: int | None = None) -> None:
    """And tell of it. In a transaction. Raises roles.Denied and roles.NoOwner."""
    before = roles.assign(shop, wanted)
    if before:
        settings.tell(shop, ROLES, dict(before), {user: wanted[user] for user in before}, undoes)


def no_owner() -> str:
    return language().t("One person at least has to stay owner, or nobody could decide about staff any more.")


def _read(known: Sequence[staff.Member]) -> Typed | dict[str, str]:
    """What the form says, of people who are known; what is left out stays. Else what is wrong, by its field."""
    form, errors = request.form, dict[str, str]()
    given = {one.user: form.get(f"role-{one.user}", one.role) for one in known}
    new_role = form.get("role", staff.new_role(g.shop))
    for field, role in ({f"role-{user}": role for user, role in given.items()} | {"role": new_role}).items():
        if role not in staff.ROLES:
            errors[field] = language().t("Please choose one of these.")
    names = {one.user: " ".join(form.get(f"name-{one.user}", one.name or "").split()) for one in known}
    for user, name in names.items():
        if len(name) > LONGEST:
            errors[f"name-{user}"] = language().t("This is too long: {count} characters at most.", count=LONGEST)
    limits = _limits(errors)
    return errors or Typed(given, names, new_role, limits)


def _limits(errors: dict[str, str]) -> Limits:
    amounts = {field: typed.amount(request.form.get(field, ""), g.shop.currency, least=0) for field in ("case", "week")}
    for field, amount in amounts.items():
        if amount is None or amount > LARGEST * 10 ** exponent(g.shop.currency):
            errors[field] = language().t("Please give an amount between 0 and {most}.", most=LARGEST)
    return Limits(amounts["case"] or 0, amounts["week"] or 0)
