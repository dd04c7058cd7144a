"""What is mailed about a return: to the buyer at each of its stages, to the shop when something waits for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shopify_app.language import Language, speak, words, zone
from shopify_app.mail import letters, outbox
from shopify_app.mail.models import Message, Purpose
from shopify_app.mail.outbox import Mail, Skip
from shopify_app.orders import links, read
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

WHY = words("You get this message because something of your order is to be sent back.")
STAFF_WHY = words("Aftercare writes this to the e-mail address of your shop, once for each return.")


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
    """What stands in a message, in the reader's language."""

    subject: str
    paragraphs: Sequence[str]
    quote: Quote | None = None
    rows: Sequence[Row] = ()
    way: Row
    """What the button says, and where it leads."""
    besides: Row | None = None
    """Another way, as a line below."""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a letter is about."""

    shop: Shop
    request: Request
    order: Order
    items: Sequence[Item]
    entries: Sequence[Entry]
    """Its log."""
    voice: str
    which: str
    """The end of the message's key: which of several of a kind."""
    link: str
    """To the order's page, or for staff to the request's."""

    @property
    def language(self) -> Language:
        return speak(self.voice)

    @property
    def name(self) -> str:
        return self.order.name

    def way(self, title: str) -> Row:
        return Row(title, self.link)

    def entry(self) -> Entry | None:
        return next((one for one in self.entries if str(one.id) == self.which), None)


Writer = Callable[[Case], Letter | Skip]

WRITERS: dict[str, Writer] = {}
"""Word → who writes the message returns/<word>."""


def to_buyer(word: str) -> Callable[[Writer], Writer]:
    """Marks the writer of the message returns/<word>."""
    return _registered(word, is_staff=False)


def to_staff(word: str) -> Callable[[Writer], Writer]:
    return _registered(word, is_staff=True)


def _registered(word: str, *, is_staff: bool) -> Callable[[Writer], Writer]:
    def register(writer: Writer) -> Writer:
        @outbox.renders(f"returns/{word}", PURPOSES.get(word, Purpose.ORDER))
        def render(shop: Shop, message: Message) -> Mail | Skip:
            return _mail(shop, message, writer, is_staff=is_staff)

        WRITERS[word] = writer
        return writer

    return register


def _mail(shop: Shop, message: Message, writer: Writer, *, is_staff: bool) -> Mail | Skip:
    _, number, _, *which = message.key.split("/")
    request = lookup.get(shop, int(number))
    order = read.get(shop, request.order_id) if request else None
    if request is None or order is None:
        return Skip("order_gone")
    to = shop.email if is_staff else _address(request, order)
    if not to:
        return Skip("no_shop_address" if is_staff else "no_address")
    locale = shop.locale if is_staff else shop.voice(order.locale)
    page = guards.embedded_url(shop.domain, f"/returns/{request.id}")
    case = Case(
        shop=shop,
        request=request,
        order=order,
        items=lookup.items(shop, [request.id])[request.id],
        entries=lookup.entries(shop, request.id),
        voice=locale,
        which="/".join(which),
        link=page if is_staff else links.url(shop, order.id),
    )
    return of(case, writer, to, is_staff=is_staff)


def of(case: Case, writer: Writer, to: str, *, is_staff: bool) -> Mail | Skip:
    """What a writer says of a case, on paper."""
    letter = writer(case)
    if isinstance(letter, Skip):
        return letter
    about = {"shop": case.shop, "letter": letter, "is_staff": is_staff, "link": None if is_staff else case.link}
    return letters.write("returns/mail/letter", case.voice, to=to, subject=letter.subject, **about)


def _address(request: Request, order: Order) -> str | None:
    """Where a withdrawal's receipt goes is the buyer's to say."""
    address: str | None = request.content.get("email") or order.person["email"]
    return address


@to_buyer("asked")
def asked(case: Case) -> Letter | Skip:
    t = case.language.t
    if case.request.decided_at is not None or case.request.state in OVER:
        return Skip("answered")
    return Letter(
        subject=t("We have your return of order {name}", name=case.name),
        paragraphs=[t("The shop looks at it and answers soon. Please keep everything until then.")],
        rows=_expected(case),
        way=case.way(t("Show my return")),
        why=t(WHY),
    )


@to_buyer("approved")
def approved(case: Case) -> Letter | Skip:
    t, is_kept = case.language.t, keeping.is_all(case.items)
    if case.request.state not in ((APPROVED, RECEIVED, REFUNDED) if is_kept else (APPROVED,)):
        return Skip("over")
    says = [t("Your return is approved.")]
    label = case.request.content.get("label") or {}
    if is_kept:
        says.append(t("You need not send anything back."))
    elif label.get("url"):
        says.append(t("The label for the way back is ready: print it and put it on the parcel."))
    elif case.request.needs_label:
        says.append(t("The label for the way back comes by mail: please wait for it before you send anything."))
    else:
        says.append(t("How to send it back stands on the page of your order."))
    return Letter(
        subject=t("Your return of order {name} is approved", name=case.name),
        paragraphs=says,
        rows=_expected(case),
        way=Row(t("Open the label"), label["url"]) if label.get("url") else case.way(t("Show my return")),
        why=t(WHY),
    )


@to_buyer("label")
def label(case: Case) -> Letter | Skip:
    t = case.language.t
    kept = case.request.content.get("label") or {}
    if case.request.state != APPROVED:
        return Skip("over")
    last = labelling.last_day(case.request)
    rows = [(t("Parcel number"), kept.get("number")), (t("Valid until"), last and case.language.dated(last))]
    rows.append((t("Code"), codes.code(case.shop, case.request.id)))
    return Letter(
        subject=t("The label for your return of order {name}", name=case.name),
        paragraphs=[
            t("Print the label, put it on the parcel and hand it to the carrier."),
            t("Put the packing slip into the parcel, or a note with the code: so we know at once that it is yours."),
        ],
        rows=[Row(title, value) for title, value in rows if value],
        way=Row(t("Open the label"), kept["url"]) if kept.get("url") else case.way(t("Show my return")),
        besides=_slip(case),
        why=t(WHY),
    )


@to_buyer("expiring")
def expiring(case: Case) -> Letter | Skip:
    t, request, last = case.language.t, case.request, labelling.last_day(case.request)
    entry = (request.content.get("label") or {}).get("entry")
    if (
        request.state != APPROVED
        or last is None
        or str(entry) != case.which
        or labelling.is_expired(case.shop, request)
    ):
        return Skip("over")
    url = request.content["label"].get("url")
    return Letter(
        subject=t("The label for your return of order {name} runs out soon", name=case.name),
        paragraphs=[
            t(
                "It can be used until {day}. Please hand the parcel to the carrier by then.",
                day=case.language.dated(last),
            ),
            t("If you have sent it already, there is nothing left to do."),
            t("Should it run out, you can ask for a new one on the page of your return."),
        ],
        way=Row(t("Open the label"), url) if url else case.way(t("Show my return")),
        besides=_slip(case),
        why=t(WHY),
    )


def _slip(case: Case) -> Row:
    path = f"return/requests/{case.request.id}/slip"
    return Row(case.language.t("Packing slip"), f"{case.link}/{path}")


@to_buyer("declined")
def declined(case: Case) -> Letter | Skip:
    t = case.language.t
    if case.request.state != DECLINED:
        return Skip("over")
    message = case.request.content.get("message")
    return Letter(
        subject=t("Your return of order {name} was declined", name=case.name),
        paragraphs=[
            t("The shop does not take it back this time."),
            t("If you see it differently, or something is wrong with what you got, just answer this message."),
        ],
        quote=Quote(t("The shop writes:"), message) if message else None,
        way=case.way(t("Show my return")),
        why=t(WHY),
    )


@to_buyer("question")
def question(case: Case) -> Letter | Skip:
    t = case.language.t
    entry = case.entry()
    if (
        entry is None
        or not case.request.is_buyers_turn
        or case.request.content.get("question") != entry.content["text"]
    ):
        return Skip("answered")
    return Letter(
        subject=t("A question about your return of order {name}", name=case.name),
        paragraphs=[t("The shop needs to know something before it can go on.")],
        quote=Quote(t("The shop writes:"), entry.content["text"]),
        way=case.way(t("Answer")),
        why=t(WHY),
    )


@to_buyer("received")
def received(case: Case) -> Letter | Skip:
    t = case.language.t
    if case.request.state not in (RECEIVED, REFUNDED):
        return Skip("over")
    others = all(item.outcome == EXCHANGE for item in case.items)
    soon = t("We look at it, and then send what you chose instead.")
    return Letter(
        subject=t("Your return of order {name} has arrived", name=case.name),
        paragraphs=[
            t("What you sent back is here."),
            soon if others else t("We look at it, and your money goes back within a day."),
        ],
        way=case.way(t("Show my return")),
        why=t(WHY),
    )


@to_buyer("inspected")
def inspected(case: Case) -> Letter | Skip:
    """Of what was rejected; what was accepted is told with its refund."""
    t, entry = case.language.t, case.entry()
    titles = {item.id: item.content.get("title") or str(item.line_id) for item in case.items}
    judged = entry.content["items"] if entry else []
    rejected = [one for one in judged if one["rejected"] and one["item"] in titles]
    if not rejected:
        return Skip("over")
    others = [t("What else you sent back is refunded or exchanged as agreed.")] if _is_more(case) else []
    return Letter(
        subject=t("We could not accept all of your return of order {name}", name=case.name),
        paragraphs=[
            t("We looked at what you sent back. What is named here is not as it should be, so it is not refunded."),
            *others,
            t("Our photos are on the page of your return. If you see it differently, just answer this message."),
        ],
        quote=Quote(
            t("The shop writes:"),
            "\n".join(f"{one['rejected']} × {titles[one['item']]}: {one['why']}" for one in rejected),
        ),
        way=case.way(t("Show my return")),
        why=t(WHY),
    )


def _is_more(case: Case) -> bool:
    return any(not item.is_rejected for item in case.items)


@to_buyer("refunded")
def refunded(case: Case) -> Letter | Skip:
    """Also for an exchange: what is sent instead, with or without money."""
    t, request = case.language.t, case.request
    booked = _booked(case)
    if any(item.outcome == EXCHANGE for item in case.items) and not booked:
        return Letter(
            subject=t("Your exchange of order {name} is on its way", name=case.name),
            paragraphs=[t("What you chose instead is being packed. You get a message when it is sent.")],
            way=case.way(t("Show my order")),
            why=t(WHY),
        )
    if not booked or request.refunded_at is None:
        return Skip("no_money")
    return Letter(
        subject=t("Your refund for order {name}", name=case.name),
        paragraphs=_where_to(case),
        rows=[*_breakdown(case), Row(t("Refunded"), case.language.money(booked, request.currency))],
        way=case.way(t("Show my return")),
        why=t(WHY),
    )


def _where_to(case: Case) -> Sequence[str]:
    t, request = case.language.t, case.request
    if all(item.outcome == CREDIT for item in case.items):
        return [t("It is store credit now and can be spent at once.")]
    at = request.refunded_at or request.state_at
    day = case.language.day(banks.arrival(at, case.order.gateways), zone(case.shop.timezone))
    return [t("It goes back the way you paid. Depending on your bank it is on your card by {day}.", day=day)]


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
        subject=t("We have your withdrawal from order {name}", name=case.name),
        paragraphs=[
            t("You declared your withdrawal on {time}. Keep this message as your proof.", time=at),
            t(
                "Your money goes back within 14 days. "
                "The shop may wait until the goods, or a proof that you sent them, have come."
            ),
        ],
        quote=Quote(t("You declared:"), case.request.content.get("receipt") or _list(case)),
        rows=[Row(t("Proof"), proof)] if proof else [],
        way=case.way(t("Show my return")),
        why=t(WHY),
    )


@to_staff("staff")
def staff(case: Case) -> Letter | Skip:
    t = case.language.t
    if case.request.decided_at is not None or case.request.state in OVER:
        return Skip("answered")
    is_withdrawal = case.request.kind == WITHDRAWAL
    subject = t("A withdrawal from order {name} waits for you", name=case.name)
    return Letter(
        subject=subject if is_withdrawal else t("A return of order {name} waits for you", name=case.name),
        paragraphs=[t("Approve or decline it, or ask the buyer for more.")],
        quote=Quote(t("To be sent back:"), _list(case)),
        way=case.way(t("Open the return")),
        why=t(STAFF_WHY),
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
def late(case: Case) -> Letter | Skip:
    t = case.language.t
    if case.request.state != RECEIVED:
        return Skip("refunded")
    return Letter(
        subject=t("The refund for order {name} is due in four hours", name=case.name),
        paragraphs=[_twenty_hours(case)],
        way=case.way(t("Open the return")),
        why=t(STAFF_WHY),
    )


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
