"""What is mailed about a return: to the buyer at each of its stages, to the shop when something waits for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from shopify_app.language import Language, speak, words, zone
from shopify_app.mail import letters, outbox, wording
from shopify_app.mail.models import Message, Purpose
from shopify_app.mail.outbox import Mail, Skip
from shopify_app.mail.wording import Parts
from shopify_app.orders import links, read, values
from shopify_app.orders.facts import moment
from shopify_app.orders.models import Order
from shopify_app.returns import codes
from shopify_app.returns.buyer import banks
from shopify_app.returns.models import (
    APPROVED,
    CREDIT,
    DECLINED,
    EXCHANGE,
    OVER,
    RECEIVED,
    REFUNDED,
    WITHDRAWAL,
    Entry,
    Item,
    Request,
)
from shopify_app.returns.policy import breakdown, money
from shopify_app.returns.requests import keeping, labelling, lookup
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop

WHY = words("Aftercare writes this to the e-mail address of your shop, once for each return.")

PURPOSES = {"receipt": Purpose.LEGAL, "expiring": Purpose.REMINDER}
"""All others are news of an order."""


class Row(NamedTuple):
    title: str
    value: str


class Quote(NamedTuple):
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message to the buyer: the values of its words, and what stands in it whatever they are."""

    values: Mapping[str, str | None] = field(default_factory=dict)
    quote: Quote | None = None
    rows: Sequence[Row] = ()
    says: Sequence[str] = ()
    """What the law wants said."""
    way: str | None = None
    """Where the button leads; None: to the order's page."""
    besides: Row | None = None
    """Another way, as a line below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to the shop."""

    subject: str
    text: str
    quote: Quote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a letter is about."""

    shop: Shop
    request: Request
    order: Order
    items: Sequence[Item]
    entries: Sequence[Entry]
    """Of the request's log, oldest first."""
    language: Language
    which: str
    """The end of the message's key: which of several of a kind."""
    link: str
    """To the order's page, or for staff to the request's."""

    @property
    def name(self) -> str:
        return self.order.name

    @property
    def label(self) -> Mapping[str, str | None]:
        """Of the way back; empty until there is one."""
        return self.request.content.get("label") or {}

    def entry(self) -> Entry | None:
        return next((one for one in self.entries if str(one.id) == self.which), None)


Writer = Callable[[Case], Letter | Skip]
StaffWriter = Callable[[Case], Notice | Skip]

_writers: dict[str, Writer] = {}


def to_buyer(word: str) -> Callable[[Writer], Writer]:
    """Marks the writer of the message returns/<word>."""

    def register(writer: Writer) -> Writer:
        @outbox.renders(f"returns/{word}", PURPOSES.get(word, Purpose.ORDER))
        def render(shop: Shop, message: Message) -> Mail | Skip:
            case = _case(shop, message)
            if isinstance(case, Skip):
                return case
            return write(case, word) if _address(case) else Skip("no_address")

        _writers[word] = writer
        return writer

    return register


def to_staff(word: str) -> Callable[[StaffWriter], StaffWriter]:
    def register(writer: StaffWriter) -> StaffWriter:
        @outbox.renders(f"returns/{word}")
        def render(shop: Shop, message: Message) -> Mail | Skip:
            case = _case(shop, message, is_staff=True)
            if isinstance(case, Skip):
                return case
            notice = writer(case) if shop.email else Skip("no_shop_address")
            return notice if isinstance(notice, Skip) else _noted(case, notice)

        return writer

    return register


def _case(shop: Shop, message: Message, *, is_staff: bool = False) -> Case | Skip:
    _, number, _, *which = message.key.split("/")
    request = lookup.get(shop, int(number))
    order = read.get(shop, request.order_id) if request else None
    if request is None or order is None:
        return Skip("order_gone")
    page = guards.embedded_url(shop.domain, f"/returns/{request.id}")
    return Case(
        shop=shop,
        request=request,
        order=order,
        items=lookup.items(shop, [request.id])[request.id],
        entries=lookup.entries(shop, request.id),
        language=speak(shop.locale if is_staff else shop.voice(order.locale)),
        which="/".join(which),
        link=page if is_staff else links.url(shop, order.id),
    )


def write(case: Case, word: str, *, voice: str | None = None, draft: Parts | None = None) -> Mail | Skip:
    """What the buyer gets, as things stand. voice: that of the case's language, None for the order's own. draft: a
    merchant's words that are not kept yet. Raises Unready.
    """
    letter = _writers[word](case)
    if isinstance(letter, Skip):
        return letter
    shop, locale = case.shop, voice or case.shop.voice(case.order.locale)
    name = "exchanged" if word == "refunded" and _is_exchange(case) else word
    known = values.of(shop, case.order, case.link) | dict(letter.values)
    told = wording.of(shop, f"returns/{name}", locale, known, draft)
    return letters.write(
        "returns/mail/letter",
        locale,
        to=_address(case) or "",
        subject=told.subject,
        shop=shop,
        words=told,
        letter=letter,
        link=case.link,
        way=letter.way,
    )


def _noted(case: Case, notice: Notice) -> Mail:
    shop = case.shop
    about = {"shop": shop, "notice": notice, "link": case.link, "why": case.language.t(WHY)}
    return letters.write("returns/mail/staff", shop.locale, to=shop.email or "", subject=notice.subject, **about)


def _address(case: Case) -> str | None:
    """Where a withdrawal's receipt goes is the buyer's to say."""
    address: str | None = case.request.content.get("email") or case.order.person["email"]
    return address


@to_buyer("asked")
def asked(case: Case) -> Letter | Skip:
    if case.request.decided_at is not None or case.request.state in OVER:
        return Skip("answered")
    return Letter(rows=_expected(case))


@to_buyer("approved")
def approved(case: Case) -> Letter | Skip:
    is_kept = keeping.is_all(case.items)
    if case.request.state not in ((APPROVED, RECEIVED, REFUNDED) if is_kept else (APPROVED,)):
        return Skip("over")
    url = case.label.get("url")
    known = {"kept": "yes" if is_kept else None, "label": url, "wait": "yes" if case.request.needs_label else None}
    return Letter(values=known, rows=_expected(case), way=url)


@to_buyer("label")
def label(case: Case) -> Letter | Skip:
    t = case.language.t
    if case.request.state != APPROVED:
        return Skip("over")
    last, code = labelling.last_day(case.request), codes.code(case.shop, case.request.id)
    day = case.language.dated(last) if last else None
    rows = [(t("Parcel number"), case.label.get("number")), (t("Valid until"), day), (t("Code"), code)]
    return Letter(
        values={"label": case.label.get("url"), "code": code, "day": day},
        rows=[Row(title, value) for title, value in rows if value],
        way=case.label.get("url"),
        besides=_slip(case),
    )


@to_buyer("expiring")
def expiring(case: Case) -> Letter | Skip:
    request, last = case.request, labelling.last_day(case.request)
    if (
        request.state != APPROVED
        or last is None
        or str(case.label.get("entry")) != case.which
        or labelling.is_expired(case.shop, request)
    ):
        return Skip("over")
    url, day = case.label.get("url"), case.language.dated(last)
    rows = [Row(case.language.t("Valid until"), day)]
    return Letter(values={"label": url, "day": day}, rows=rows, way=url, besides=_slip(case))


def _slip(case: Case) -> Row:
    path = f"return/requests/{case.request.id}/slip"
    return Row(case.language.t("Packing slip"), f"{case.link}/{path}")


@to_buyer("declined")
def declined(case: Case) -> Letter | Skip:
    if case.request.state != DECLINED:
        return Skip("over")
    message = case.request.content.get("message")
    return Letter(quote=_from_shop(case, message) if message else None)


@to_buyer("question")
def question(case: Case) -> Letter | Skip:
    entry = case.entry()
    if (
        entry is None
        or not case.request.is_buyers_turn
        or case.request.content.get("question") != entry.content["text"]
    ):
        return Skip("answered")
    return Letter(quote=_from_shop(case, entry.content["text"]))


def _from_shop(case: Case, text: str) -> Quote:
    return Quote(case.language.t("The shop writes:"), text)


@to_buyer("received")
def received(case: Case) -> Letter | Skip:
    if case.request.state not in (RECEIVED, REFUNDED):
        return Skip("over")
    is_exchange = all(item.outcome == EXCHANGE for item in case.items)
    return Letter(values={"exchange": "yes" if is_exchange else None})


@to_buyer("inspected")
def inspected(case: Case) -> Letter | Skip:
    """Of what was rejected; what was accepted is told with its refund."""
    entry = case.entry()
    titles = {item.id: item.content.get("title") or str(item.line_id) for item in case.items}
    judged = entry.content["items"] if entry else []
    rejected = [one for one in judged if one["rejected"] and one["item"] in titles]
    if not rejected:
        return Skip("over")
    text = "\n".join(f"{one['rejected']} × {titles[one['item']]}: {one['why']}" for one in rejected)
    others = any(not item.is_rejected for item in case.items)
    return Letter(values={"others": "yes" if others else None}, quote=_from_shop(case, text))


@to_buyer("refunded")
def refunded(case: Case) -> Letter | Skip:
    """Also for an exchange: what is sent instead, with or without money."""
    t, request = case.language.t, case.request
    if _is_exchange(case):
        return Letter()
    booked = _booked(case)
    if not booked or request.refunded_at is None:
        return Skip("no_money")
    amount = case.language.money(booked, request.currency)
    rows = [*_breakdown(case), Row(t("Refunded"), amount)]
    return Letter(values={"amount": amount, "day": _arrives(case)}, rows=rows)


def _is_exchange(case: Case) -> bool:
    """Whether something else is sent, and no money goes back."""
    return any(item.outcome == EXCHANGE for item in case.items) and not _booked(case)


def _arrives(case: Case) -> str | None:
    """By when the money is there; None for store credit, which is there at once."""
    if all(item.outcome == CREDIT for item in case.items):
        return None
    at = case.request.refunded_at or case.request.state_at
    return case.language.day(banks.arrival(at, case.order.gateways), zone(case.shop.timezone))


@to_buyer("receipt")
def receipt(case: Case) -> Letter | Skip:
    """The durable medium of article 11a of Directive 2011/83/EU: what was declared, and when."""
    t = case.language.t
    if case.request.kind != WITHDRAWAL:
        return Skip("no_withdrawal")
    at = case.language.time(
        moment(case.request.content.get("declared_at")) or case.request.asked_at, zone(case.shop.timezone)
    )
    proof = case.request.content.get("proof")
    return Letter(
        quote=Quote(t("You declared:"), case.request.content.get("receipt") or _list(case)),
        rows=[Row(t("Proof"), proof)] if proof else [],
        says=[
            t("You declared your withdrawal on {time}. Keep this message as your proof.", time=at),
            t(
                "Your money goes back within 14 days. "
                "The shop may wait until the goods, or a proof that you sent them, have come."
            ),
        ],
    )


@to_staff("staff")
def staff(case: Case) -> Notice | Skip:
    t = case.language.t
    if case.request.decided_at is not None or case.request.state in OVER:
        return Skip("answered")
    is_withdrawal = case.request.kind == WITHDRAWAL
    subject = t("A withdrawal from order {name} waits for you", name=case.name)
    return Notice(
        subject=subject if is_withdrawal else t("A return of order {name} waits for you", name=case.name),
        text=t("Approve or decline it, or ask the buyer for more."),
        quote=Quote(t("To be sent back:"), _list(case)),
    )


def _twenty_hours(case: Case) -> str:
    t = case.language.t
    if keeping.is_all(case.items):
        return t(
            "The return was agreed twenty hours ago, and nothing has to come back. "
            "Buyers are promised their money within a day."
        )
    return t("The goods came back twenty hours ago. Buyers are promised their money within a day.")


@to_staff("late")
def late(case: Case) -> Notice | Skip:
    if case.request.state != RECEIVED:
        return Skip("refunded")
    subject = case.language.t("The refund for order {name} is due in four hours", name=case.name)
    return Notice(subject=subject, text=_twenty_hours(case))


def _list(case: Case) -> str:
    return "\n".join(f"{item.quantity} × {item.content.get('title') or item.line_id}" for item in case.items)


def _expected(case: Case) -> Sequence[Row]:
    """What comes back by what the buyer was told; nothing where it was not worked out."""
    expected = case.request.expected
    if not expected:
        return []
    return [Row(case.language.t("To be refunded"), case.language.money(expected, case.request.currency))]


def _breakdown(case: Case) -> Sequence[Row]:
    """Of what was told; left out where staff gave another sum."""
    kept = case.request.content.get("due") or case.request.content.get("preview")
    told = money.unpacked(kept) if kept else None
    if told is None or told.total != case.request.refunded:
        return []
    sums = breakdown.of(told, case.language)
    return [Row(name, case.language.money(amount, case.request.currency)) for name, amount in sums]


def _booked(case: Case) -> int:
    """What went back with this refund: a return may have several."""
    ends = [one for one in case.entries if one.word == "refunded"]
    same = [one.content["amount"] for one in ends if one.content.get("which") == case.which]
    return int(sum(same)) if same else case.request.refunded or 0
