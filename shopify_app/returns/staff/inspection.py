"""What staff says of the goods that came back: how many are as they should be, and what is wrong with the others."""

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import FileStorage, MultiDict

from shopify_app import photos
from shopify_app.language import words
from shopify_app.photos import Print, Unreachable
from shopify_app.returns.models import Item
from shopify_app.returns.requests import Verdict
from shopify_app.returns.requests.inspecting import CONDITIONS
from shopify_app.returns.staff import typed

MOST_BYTES = 2 * photos.MOST * photos.MOST_BYTES
"""Of one form with its photos."""

Form = Mapping[str, str]
Files = MultiDict[str, FileStorage]


class Unfit(Exception):
    """`sentence` says what is wrong with a field."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field)
        self.field, self.sentence = field, sentence


def judged(items: Sequence[Item], form: Form, files: Files) -> Mapping[int, Verdict]:
    """Item's id → what the form says of the units that waited when it was shown; those not accepted are rejected.
    Photos are kept once all else is in order. Raises Unfit.
    """
    shown = [item for item in items if f"waiting-{item.id}" in form]
    if not shown:
        raise Unfit("waiting", words("Nothing waits for its inspection."))
    counts = {item.id: _counts(item, form) for item in shown}
    whys = {item.id: _why(item, form, files) if counts[item.id][1] else "" for item in shown}
    return {
        item.id: Verdict(
            accepted=counts[item.id][0],
            rejected=counts[item.id][1],
            condition=form.get(f"condition-{item.id}", CONDITIONS[0]),
            why=whys[item.id],
            photos=_prints(item, files) if counts[item.id][1] else (),
        )
        for item in shown
    }


def _counts(item: Item, form: Form) -> tuple[int, int]:
    """Accepted and rejected."""
    waiting, accepted = (_number(form.get(f"{word}-{item.id}", "").strip()) for word in ("waiting", "accepted"))
    if waiting is None or accepted is None or not 0 < waiting <= item.quantity or accepted > waiting:
        raise Unfit(f"accepted-{item.id}", words("Please say how many are as they should be."))
    if form.get(f"condition-{item.id}", CONDITIONS[0]) not in CONDITIONS:
        raise Unfit(f"condition-{item.id}", words("Please say in what condition they are."))
    return accepted, waiting - accepted


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _why(item: Item, form: Form, files: Files) -> str:
    why = typed.text(form.get(f"why-{item.id}", ""))
    if not why:
        raise Unfit(f"why-{item.id}", words("Please tell the buyer what is wrong with those that you do not accept."))
    taken = len(_chosen(item, files))
    if taken == 0:
        raise Unfit(f"photo-{item.id}", words("Please add a photo that shows the buyer what is wrong."))
    if taken > photos.MOST:
        raise Unfit(f"photo-{item.id}", words("Four photos of each item are enough."))
    return why


def _chosen(item: Item, files: Files) -> Sequence[FileStorage]:
    return [file for file in files.getlist(f"photo-{item.id}") if file.filename]


def _prints(item: Item, files: Files) -> Sequence[Print]:
    try:
        return [photos.develop(file.stream.read(photos.MOST_BYTES + 1)) for file in _chosen(item, files)]
    except photos.Unfit as unfit:
        raise Unfit(f"photo-{item.id}", photos.UNFIT[unfit.why]) from unfit
    except Unreachable as error:
        raise Unfit(f"photo-{item.id}", photos.UNKEPT) from error
