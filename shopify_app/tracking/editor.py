"""How a merchant makes the order's page their own: way of address, product fields, and what it says at each moment."""

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

from shopify_app import roles
from shopify_app import settings as kept
from shopify_app.db import transaction
from shopify_app.frame import language, link, say, show
from shopify_app.language import LANGUAGES, TWO_WAYS, speak, words
from shopify_app.shopify import guards
from shopify_app.tracking import faq, fields, samples, texts
from shopify_app.tracking.scans import State
from shopify_app.tracking.unclear import Unclear

pages = Blueprint("editor", __name__, url_prefix="/settings")
pages.before_request(guards.merchant)

NAME = re.compile(r"[a-z0-9_-]{1,64}\.([a-z0-9_-]{1,64}|\*)")
MOST_NAMES = 30
NOT_A_NAME = words("“{name}” names no metafield. Please write names as in custom.material, or specs.* for all.")


@pages.get("/page")
def settings() -> ResponseReturnValue:
    """With a preview of the page at one moment and in one language."""
    stage, code = _stage(), _language()
    chosen = g.shop.settings.get(fields.SETTING, {})
    return show(
        "tracking/settings.html",
        two_ways=TWO_WAYS,
        informal=g.shop.settings.get("informal", ()),
        specs=", ".join(chosen.get("specs", fields.SPECS)),
        guide=", ".join(chosen.get("guide", fields.GUIDE)),
        written=texts.written(g.shop),
        **_chosen(stage, code),
    )


@pages.post("/page")
def change() -> ResponseReturnValue:
    names: dict[str, list[str]] = {}
    for kind in ("specs", "guide"):
        names[kind] = [text.strip() for text in request.form.get(kind, "").lower().split(",") if text.strip()]
        wrong = next((text for text in names[kind] if not NAME.fullmatch(text)), None)
        if wrong is not None or len(names[kind]) > MOST_NAMES:
            said = language().t(NOT_A_NAME, name=(wrong or names[kind][-1])[:80])
            return say(said, status=422, errors={kind: said})
    informal = [code for code in TWO_WAYS if request.form.get(f"address-{code}") == "informal"]
    with transaction():
        kept.put(g.shop, {fields.SETTING: names, "informal": informal})
    return say(language().t("Saved"))


@pages.get("/texts")
def edit() -> ResponseReturnValue:
    stage, code = _stage(), _language()
    told = texts.of(g.shop, speak(g.shop.voice(code)), stage)
    blank = [texts.Question("", "")] * min(2, texts.MOST - len(told.questions))
    return show("tracking/texts.html", told=told, questions=[*told.questions, *blank], **_chosen(stage, code))


@pages.post("/texts")
def keep() -> ResponseReturnValue:
    roles.check(g.shop, roles.SETTINGS)
    try:
        told = texts.read(request.form)
    except Unclear as unclear:
        said = language().t(unclear.text)
        return say(said, status=422, errors={unclear.field: said})
    texts.keep(g.shop, _language(), _stage(), told)
    return say(language().t("Saved"))


@pages.post("/texts/default")
def forget() -> ResponseReturnValue:
    roles.check(g.shop, roles.SETTINGS)
    texts.forget(g.shop, _language(), _stage())
    return say(language().t("Our own texts stand there again."))


def _chosen(stage: State, code: str) -> dict[str, Any]:
    stages: Sequence[State] = tuple(faq.GUIDE)
    return {
        "stage": stage,
        "stages": stages,
        "code": code,
        "languages": LANGUAGES,
        "preview": samples.page(g.shop, stage, g.shop.voice(code)),
        "there": lambda path, **query: link(path, **{"language": code, "stage": stage} | query),
    }


def _stage() -> State:
    wanted = request.args.get("stage", "moving")
    return next((stage for stage in faq.GUIDE if stage == wanted), None) or abort(404)


def _language() -> str:
    """One that we speak, the shop's own when none is named."""
    wanted = request.args.get("language") or speak(g.shop.voice()).code
    return wanted if wanted in LANGUAGES else abort(404)
