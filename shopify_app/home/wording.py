"""Where a merchant puts messages into own words: seen on a real order while writing, checked before they are kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

from shopify_app import clock, roles
from shopify_app.db import transaction
from shopify_app.frame import language, link, say, show
from shopify_app.language import LANGUAGES, Language, speak, words
from shopify_app.mail import outbox, samples, versions, wording
from shopify_app.mail.models import Message, Purpose
from shopify_app.mail.outbox import Mail, Skip, Unready
from shopify_app.mail.sandbox import Problem
from shopify_app.mail.wording import LINES, NAMES, Parts, Template
from shopify_app.orders import read
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop

letters = Blueprint("letters", __name__, url_prefix="/settings/messages")
letters.before_request(guards.merchant)

JOBS: Mapping[str, Sequence[str]] = {
    words("Orders"): ("confirmations/", "tracking/link", "tracking/code"),
    words("Parcels"): ("tracking/",),
    words("Returns"): ("returns/",),
    words("Changes of orders"): ("changes/",),
    words("Carts"): ("carts/",),
    words("Feedback"): ("feedback/",),
    words("Friends"): ("referrals/",),
}
"""What messages are about → how their names begin; the first that fits."""
RECENT = 20
"""Orders that a message can be looked at with."""
TEST = "home/test"


@letters.get("")
def messages() -> ResponseReturnValue:
    return show("home/letters.html", jobs=by_job(), languages=LANGUAGES, written=versions.written(g.shop))


def by_job() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {job: [] for job in JOBS}
    for name in wording.known():
        found[next(job for job, begins in JOBS.items() if name.startswith(tuple(begins)))].append(name)
    return found


@letters.get("/<path:name>")
def edit(name: str) -> ResponseReturnValue:
    template, code, order_id = _template(name), _language(), _order()
    history = versions.history(g.shop, name, code)
    return show(
        "home/letter.html",
        letter=template,
        code=code,
        languages=LANGUAGES,
        order_id=order_id or 0,
        orders=read.page(g.shop)[:RECENT],
        told=wording.effective(g.shop, name, g.shop.voice(code)),
        own=history[0].parts if history else {},
        history=history,
        there=lambda path="", **query: link(
            f"/settings/messages/{name}{path}", **{"language": code, "order": order_id or 0} | query
        ),
        **_looked(template, code, order_id, None),
    )


@letters.post("/<path:name>/preview")
def preview(name: str) -> ResponseReturnValue:
    """Of words that are not kept; a POST, for they are too long for an address. Changes nothing."""
    template, code, draft = _template(name), _language(), _typed()
    problems = wording.check(template, draft)
    if problems:
        return {"errors": _sentences(problems, language())}, 422
    return _looked(template, code, _order(), draft)


@letters.post("/<path:name>")
def keep(name: str) -> ResponseReturnValue:
    template, code, parts = _template(name), _language(), _typed()
    if problems := wording.check(template, parts):
        errors = _sentences(problems, language())
        return say(next(iter(errors.values())), status=422, errors=errors)
    return _keep(template, code, wording.changed(g.shop, template, code, parts), language().t("Saved"))


@letters.post("/<path:name>/default")
def reset(name: str) -> ResponseReturnValue:
    return _keep(_template(name), _language(), {}, language().t("Our own texts stand there again."))


@letters.post("/<path:name>/versions/<int:number>")
def restore(name: str, number: int) -> ResponseReturnValue:
    template, code = _template(name), _language()
    then = next((one for one in versions.history(g.shop, name, code) if one.number == number), None) or abort(404)
    return _keep(template, code, then.parts, language().t("Version {number} holds again.", number=number))


@letters.post("/<path:name>/test")
def test(name: str) -> ResponseReturnValue:
    """To the shop's own address, at most once a minute."""
    template, code = _template(name), _language()
    if not g.shop.email:
        return say(language().t("Your shop has no e-mail address."), status=409)
    key = f"test/{template.name}/{code}/{_order() or 0}/{clock.now():%Y%m%d%H%M}"
    with transaction():
        is_new = outbox.write(g.shop, TEST, key, _order())
    if not is_new:
        return say(language().t("One is on its way already. Please wait a minute."), status=409)
    return say(language().t("A test goes to {address}.", address=g.shop.email))


@outbox.renders(TEST, Purpose.TEST)
def tested(shop: Shop, message: Message) -> Mail | Skip:
    """As its key names it, to nobody but the shop."""
    _, feature, word, code, order_id, _ = message.key.split("/")
    if not shop.email:
        return Skip("no_shop_address")
    mail = wording.known()[f"{feature}/{word}"].show(shop, int(order_id) or None, shop.voice(code), None)
    if mail is None:
        return Skip("order_gone")
    return samples.for_the_shop(shop, mail, shop.email)


def _keep(template: Template, code: str, parts: Mapping[str, str], said: str) -> ResponseReturnValue:
    roles.check(g.shop, roles.SETTINGS)
    after = request.form.get("after", "")
    with transaction():
        is_kept = after.isdecimal() and versions.keep(g.shop, template.name, code, parts, int(after), g.user)
    if not is_kept:
        sentence = language().t("Somebody else has changed this message meanwhile. Please reload the page.")
        return say(sentence, status=409)
    return say(said)


def _looked(template: Template, code: str, order_id: int | None, draft: Parts | None) -> dict[str, Any]:
    """The message as it would be now, or what keeps it from being sent."""
    try:
        mail = template.show(g.shop, order_id, g.shop.voice(code), draft)
    except Unready as missing:
        said = language().t("This order has no {name}: the message would not be sent.", name=str(missing))
        return {"subject": "", "preview": "", "blocked": said}
    return {"subject": mail.subject, "preview": mail.html, "blocked": ""} if mail else abort(404)


def _sentences(problems: Mapping[str, Sequence[Problem]], merchants: Language) -> dict[str, str]:
    return {part: _sentence(found[0], merchants) for part, found in problems.items()}


def _sentence(problem: Problem, merchants: Language) -> str:
    name, line, t = problem.name, problem.line, merchants.t
    if problem.word == "variable":
        return t("Line {line}: there is no “{name}”. The list below shows what there is.", line=line, name=name)
    if problem.word == "missing":
        instead = f'{{{{ {name} | default: "…" }}}}'
        return t(
            "Line {line}: not every buyer has a “{name}”. Please say what stands there then: {instead}",
            line=line,
            name=name,
            instead=instead,
        )
    if problem.word == "too_long":
        return t("This is too long: {count} characters at most.", count=name)
    return t("Line {line}: this is not understood ({error}).", line=line, error=name)


def _typed() -> Parts:
    """Browsers send line breaks as two signs."""
    typed = {name: request.form.get(name, "").replace("\r\n", "\n").strip() for name in NAMES}
    return Parts(**typed | {name: " ".join(typed[name].split()) for name in LINES})


def _template(name: str) -> Template:
    return wording.known().get(name) or abort(404)


def _language() -> str:
    """One that we speak, the shop's own when none is named."""
    wanted = request.args.get("language") or speak(g.shop.voice()).code
    return wanted if wanted in LANGUAGES else abort(404)


def _order() -> int | None:
    """None: the one that is made up."""
    number = request.args.get("order", "0")
    return (int(number) or None) if number.isascii() and number.isdecimal() and len(number) < 19 else abort(404)
