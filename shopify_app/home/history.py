"""Who changed what when, in words, and the way back.

What has versions of its own (terms of returns, words of messages) is read from these, not kept twice.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

from shopify_app import roles, settings
from shopify_app.frame import language, link, say, show
from shopify_app.home import said, undoing
from shopify_app.home.said import GROUPS, SETTINGS, Line
from shopify_app.home.staff import no_owner
from shopify_app.language import words
from shopify_app.mail import versions
from shopify_app.returns.policy import admin as policy
from shopify_app.returns.policy import policies
from shopify_app.settings import Change
from shopify_app.shopify import guards

history = Blueprint("history", __name__, url_prefix="/settings/history")
history.before_request(guards.merchant)

PAGE = 50
SAVED_AT_ONCE = 20
"""Changes that may have the same moment: they stay on one page."""


class Entry(NamedTuple):
    at: datetime
    by: str | None
    title: str
    path: str
    lines: Sequence[Line] = ()
    said: Sequence[str] = ()
    """Sentences that hold since."""
    message: str | None = None
    """Whose words these are."""
    undo: str | None = None
    """Where to send the wish to take it back; None: not from here."""
    is_undone: bool = False
    is_undo: bool = False


@history.get("")
def page() -> ResponseReturnValue:
    group = request.args.get("group", "")
    if group and group not in GROUPS:
        abort(404)
    entries = sorted(_entries(group, _until()), key=lambda entry: entry.at, reverse=True)
    shown = _page(entries)
    older = (
        link("/settings/history", group=group, until=shown[-1].at.isoformat()) if len(shown) < len(entries) else None
    )
    return show("home/history.html", entries=shown, older=older, group=group, groups=GROUPS, is_newest=_until() is None)


@history.post("/<int:change_id>/undo")
def undo(change_id: int) -> ResponseReturnValue:
    change = settings.change(g.shop, change_id)
    if change is None or not undoing.can(change.key):
        abort(404)
    try:
        undoing.undo(g.shop, change)
    except tuple(REFUSED) as refused:
        return say(language().t(REFUSED[type(refused)]), status=409, is_stale=True)
    except roles.NoOwner:
        return say(no_owner(), status=409)
    return say(language().t("It is as it was before."))


@history.post("/terms/<int:number>/undo")
def undo_terms(number: int) -> ResponseReturnValue:
    """By a new version, which says what the one before this said."""
    roles.check(g.shop, roles.SETTINGS)
    if number <= policies.FIRST or not policies.undo(g.shop, number, g.user):
        return say(language().t(REFUSED[settings.Overtaken]), status=409, is_stale=True)
    return say(language().t("It is as it was before."))


REFUSED: dict[type[Exception], str] = {
    settings.Overtaken: words("This has been changed again since. Please undo the newer change first."),
    undoing.SwitchesOn: words(
        "This would switch something on. Please do that on its own page, after a look at the dry run."
    ),
    undoing.Unfit: words("What was set then cannot be set any more. Please choose anew on its page."),
}


def _entries(group: str, until: datetime | None) -> Iterator[Entry]:
    keys = [key for key, setting in SETTINGS.items() if setting.group == group] if group else None
    limit = PAGE + SAVED_AT_ONCE
    yield from _changes(settings.changes(g.shop, until, keys, limit))
    if group in ("", "languages"):
        yield from map(_letter, versions.newest(g.shop, until, limit))
    if group in ("", "returns"):
        told = policy.versions()
        latest = told[0].number if told else None
        yield from (_terms(one, latest) for one in told if one.made_by and (until is None or one.since < until))


def _changes(rows: Sequence[Change]) -> Iterator[Entry]:
    undone = settings.undone(g.shop, [row.id for row in rows])
    for row in rows:
        setting, lines = SETTINGS[row.key], said.lines(row.key, row.before, row.after)
        if lines:
            is_open = row.id not in undone and undoing.can(row.key)
            yield Entry(
                row.at,
                row.by,
                language().t(setting.title),
                setting.path,
                lines=lines,
                undo=f"/settings/history/{row.id}/undo" if is_open else None,
                is_undone=row.id in undone,
                is_undo=row.undoes is not None,
            )


def _letter(version: versions.Version) -> Entry:
    path = f"/settings/messages/{version.name}"
    told = language().t("Version {number}", number=version.number)
    return Entry(version.written_at, version.written_by, told, path, message=version.name)


def _terms(version: policy.Version, latest: int | None) -> Entry:
    title = language().t("Terms of returns: version {number}", number=version.number)
    undo = f"/settings/history/terms/{version.number}/undo" if version.number == latest else None
    return Entry(version.since, version.made_by, title, "/returns/policy", said=version.changed, undo=undo)


def _page(entries: Sequence[Entry]) -> Sequence[Entry]:
    """What was saved at one moment stays together."""
    last = entries[PAGE - 1].at if len(entries) > PAGE else None
    return [entry for place, entry in enumerate(entries) if place < PAGE or entry.at == last]


def _until() -> datetime | None:
    try:
        return datetime.fromisoformat(request.args["until"].replace(" ", "+"))
    except (KeyError, ValueError):
        return None
