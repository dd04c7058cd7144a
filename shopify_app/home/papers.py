"""Texts about privacy, made from the map of what is kept: the notice for buyers, the agreement with the merchant."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from shopify_app import clock
from shopify_app.frame import language, link, locale, show
from shopify_app.language import LANGUAGES, render, speak, words, zone
from shopify_app.privacy import datamap, notice
from shopify_app.shopify import guards

papers = Blueprint("papers", __name__, url_prefix="/privacy")
papers.before_request(guards.merchant)

AGREEMENT = words("Processing agreement (GDPR Art. 28)")
DRAFT = words(
    "Made from what the app does. The operator must read it, complete it and sign it before it is an agreement."
)


@papers.get("/notice")
def for_buyers() -> ResponseReturnValue:
    """As buyers read it, in the language that `language` names."""
    tag = _chosen()
    return show(
        "home/privacy_text.html",
        title=language().t(notice.TITLE),
        file=link("/privacy/notice/file", language=tag),
        languages=LANGUAGES,
        chosen=tag,
        content=notice.text(g.shop, tag),
        address=notice.address(g.shop),
    )


@papers.get("/notice/file")
def notice_file() -> ResponseReturnValue:
    tag = _chosen()
    return _file(f"privacy-notice-{tag}.html", tag, notice.TITLE, notice.text(g.shop, tag))


@papers.get("/agreement")
def agreement() -> ResponseReturnValue:
    speech = language()
    return show(
        "home/privacy_text.html",
        title=speech.t(AGREEMENT),
        file=link("/privacy/agreement/file"),
        chosen=speech.code,
        draft=speech.t(DRAFT),
        content=_agreement(),
    )


@papers.get("/agreement/file")
def agreement_file() -> ResponseReturnValue:
    return _file("processing-agreement.html", locale(), AGREEMENT, _agreement(), language().t(DRAFT))


def _chosen() -> str:
    given = request.args.get("language", "")
    return given if given in LANGUAGES else language().code


def _agreement() -> Markup:
    facts = {"address": guards.config().app_url, "day": language().day(clock.now(), zone(g.shop.timezone))}
    return Markup(render("privacy/agreement.html", locale(), shop=g.shop, **facts, **_others(), **datamap.told(g.shop)))  # noqa: S704


def _others() -> dict[str, Any]:
    """Whom else the data reaches, as the configuration says."""
    config = guards.config()
    bucket = urlsplit(config.photos_url)
    return {
        "mail_host": urlsplit(config.smtp_url).hostname,
        "karrio_host": urlsplit(config.karrio_url or "").hostname,
        "photos_host": bucket.netloc if bucket.scheme == "s3" else None,
    }


def _file(name: str, tag: str, title: str, content: Markup, draft: str = "") -> Response:
    text = render("privacy/file.html", tag, title=speak(tag).t(title), content=content, draft=draft)
    answer = Response(text, mimetype="text/html")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
