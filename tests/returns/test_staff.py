"""What staff sees of returns, and what each button does."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.returns import requests
from shopify_app.returns.basket import Wish
from shopify_app.returns.models import RETURN, WITHDRAWAL, Photo, Step
from shopify_app.returns.policy import decisions, money
from shopify_app.returns.policy.terms import Terms
from shopify_app.shopify.models import Shop
from tests.conftest import Clock
from tests.home.conftest import Merchant
from tests.returns.staff import A_CORD, BOTH_LAMPS, LAMP, Ask, basket, file, found, place, words
from tests.returns.staff import ask as ask
from tests.returns.staff import colleague as colleague
from tests.returns.staff import staff as staff
from tests.returns.staff import stranger as stranger

DEEDS = (
    "approval",
    "refusal",
    "question",
    "label",
    "receipt",
    "inspection",
    "refund",
    "cancellation",
    "notes",
    "assignment",
    "flag",
    "retry",
    "lines",
    "goodwill/1",
)


def text(page: str) -> str:
    """What a person reads, headings and labels too."""
    page = page[page.index("<s-page") :] if "<s-page" in page else page
    page = re.sub(r'<[^>]* (?:heading|label)="([^"]*)"', r"\1 <x", page)
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace(" ,", ",").split())


def listed(page: str) -> list[str]:
    """Names of the returns on a page, in their order."""
    return re.findall(r'<s-link href="/returns/\d+\?[^"]*">([^<]+)</s-link>', page)


def steps(shop: Shop, number: int) -> list[str]:
    """What is to be done at Shopify, in its order."""
    return [step.kind for step in requests.steps(shop, number)]


def back(staff: Merchant, shop: Shop, number: int) -> None:
    """Approved, and everything is back."""
    assert staff.sends(f"/returns/{number}/approval").status_code == 200
    form = {f"units-{item.id}": str(item.quantity) for item in requests.items(shop, [number])[number]}
    assert staff.sends(f"/returns/{number}/receipt", form).status_code == 200


def received(staff: Merchant, shop: Shop, number: int) -> None:
    """Approved, and everything is back and as it should be."""
    back(staff, shop, number)
    form = {}
    for item in requests.items(shop, [number])[number]:
        form |= {f"waiting-{item.id}": str(item.quantity), f"accepted-{item.id}": str(item.quantity)}
    assert staff.sends(f"/returns/{number}/inspection", form).status_code == 200


# The list


def test_a_day_without_returns_says_how_they_come(staff: Merchant) -> None:
    page = staff.opens("/returns").text
    assert "No returns yet" in page
    assert "<s-table" not in page


@pytest.mark.parametrize(
    ("show", "said"),
    [
        ("decide", "Nothing waits for your decision"),
        ("inspect", "Nothing is to be inspected"),
        ("refund", "No refund is due"),
        ("late", "Nothing is late"),
        ("mine", "Nothing is assigned to you"),
        ("goods", "None of this kind"),
    ],
)
def test_an_empty_list_says_what_will_appear_there(staff: Merchant, show: str, said: str) -> None:
    assert said in staff.opens("/returns", show=show).text


def test_there_is_no_list_of_another_name(staff: Merchant) -> None:
    assert staff.opens("/returns", show="nonsense").status_code == 404


def test_a_request_is_listed_with_its_items_reason_value_and_age(staff: Merchant, ask: Ask) -> None:
    number = ask(LAMP, A_CORD)
    page = text(staff.opens("/returns").text)
    for part in ("1 × Desk lamp · Brass: money back", "1 × Cord set", "Arrived damaged", "€115.00", "To decide"):
        assert part in page
    assert "1 minute ago" in page
    assert f"/returns/{number}?" in staff.opens("/returns").text


def test_each_list_holds_what_it_says(shop: Shop, staff: Merchant, ask: Ask, clock: Clock) -> None:
    names = [f"#1{place}" for place in range(8)]
    decide, buyer, goods, refund, flagged, mine, over, inspect = (
        ask(order=place(shop, name), flags=["late"] if name == "#14" else ()) for name in names
    )
    staff.sends(f"/returns/{buyer}/question", {"question": "Why?"})
    staff.sends(f"/returns/{goods}/approval")
    received(staff, shop, refund)
    back(staff, shop, inspect)
    staff.sends(f"/returns/{mine}/assignment", {"to": "me"})
    staff.sends(f"/returns/{over}/refusal", {"why": "other", "message": "Sorry."})
    expected = {
        "decide": ["#10", "#14", "#15"],
        "buyer": ["#11"],
        "goods": ["#12"],
        "inspect": ["#17"],
        "refund": ["#13"],
        "late": [],
        "flagged": ["#14"],
        "withdrawals": [],
        "mine": ["#15"],
        "all": ["#17", "#16", "#15", "#14", "#13", "#12", "#11", "#10"],
    }
    assert {show: listed(staff.opens("/returns", show=show).text) for show in expected} == expected
    clock.forward(hours=25)
    assert listed(staff.opens("/returns", show="late").text) == ["#13", "#17"]
    assert found(shop, decide).state == "asked"
    assert found(shop, flagged).is_flagged


def test_the_clock_of_a_refund_warns_after_20_hours_and_breaks_after_24(
    shop: Shop, staff: Merchant, ask: Ask, clock: Clock
) -> None:
    received(staff, shop, ask())
    page = staff.opens("/returns", show="refund").text
    assert re.search(r'tone="auto">Refund until ', page)
    clock.forward(hours=19, minutes=59)
    assert re.search(r'tone="auto">Refund until ', staff.opens("/returns", show="refund").text)
    clock.forward(minutes=2)
    assert re.search(r'tone="warning">Refund until ', staff.opens("/returns", show="refund").text)
    clock.forward(hours=4)
    assert re.search(r'tone="critical">Refund late since ', staff.opens("/returns", show="refund").text)
    assert "late since" in staff.opens("/").text


def test_a_withdrawal_shows_the_day_that_the_law_gives(staff: Merchant, ask: Ask, clock: Clock) -> None:
    ask(kind=WITHDRAWAL)
    page = text(staff.opens("/returns", show="withdrawals").text)
    assert "Withdrawal" in page
    assert "By law until " in page
    clock.forward(days=15)
    assert 'tone="critical">By law until ' in staff.opens("/returns", show="late").text


def test_returns_are_found_by_order_return_or_e_mail(shop: Shop, staff: Merchant, ask: Ask) -> None:
    ask(order=place(shop, "#2001"))
    ask(order=place(shop, "#2002"))
    for typed in ("#2001", "2001", "#2001-R1"):
        assert listed(staff.sends("/returns/search", {"q": typed}).text) == ["#2001"]
    assert listed(staff.sends("/returns/search", {"q": "nora.lindqvist@example.com"}).text) == ["#2002", "#2001"]
    assert "No such return" in staff.sends("/returns/search", {"q": "#9999"}).text
    assert listed(staff.sends("/returns/search", {"q": " "}).text) == ["#2002", "#2001"]


def test_pages_follow_one_another_there_and_back(shop: Shop, staff: Merchant, ask: Ask) -> None:
    names = [f"#{number}" for number in range(3001, 3001 + 103)]
    for name in names:
        ask(order=place(shop, name))
    first = staff.opens("/returns", show="decide").text
    assert listed(first) == names[:50]
    assert "data-previous" not in first
    second = turned(staff, first, "next")
    assert listed(second) == names[50:100]
    third = turned(staff, second, "next")
    assert listed(third) == names[100:]
    assert "data-next" not in third
    assert listed(turned(staff, third, "previous")) == names[50:100]
    assert listed(turned(staff, turned(staff, third, "previous"), "previous")) == names[:50]
    assert listed(staff.opens("/returns", show="all").text) == names[::-1][:50]


def turned(staff: Merchant, page: str, way: str) -> str:
    [query] = re.findall(rf'data-{way}="/returns\?([^"]*)"', page)
    given = dict(part.split("=") for part in query.replace("&amp;", "&").split("&"))
    return staff.opens("/returns", **{name: given[name] for name in ("show", "after", "before") if name in given}).text


# Many at once


def test_chosen_returns_are_approved_and_what_was_decided_meanwhile_is_named(
    shop: Shop, staff: Merchant, colleague: Merchant, ask: Ask
) -> None:
    chosen = [ask(order=place(shop, f"#400{number}")) for number in range(3)]
    colleague.sends(f"/returns/{chosen[1]}/refusal", {"why": "other", "message": ""})
    answer = staff.sends("/returns/approvals", {"id": [str(number) for number in chosen]})
    assert answer.status_code == 200
    assert answer.json["toast"] == "2 approved. Decided meanwhile, or not to be decided now: #4001."
    assert [found(shop, number).state for number in chosen] == ["approved", "declined", "approved"]
    assert words(shop, chosen[0])[-1] == ("7", "approved")


def test_chosen_returns_are_declined_with_one_message(shop: Shop, staff: Merchant, ask: Ask) -> None:
    chosen = [ask(), ask()]
    form = {"id": [str(number) for number in chosen], "why": "final_sale", "message": "It was a final sale."}
    assert staff.sends("/returns/refusals", form).json["toast"] == "2 declined."
    for number in chosen:
        assert found(shop, number).content["message"] == "It was a final sale."


def test_nothing_chosen_or_nothing_left_to_decide_is_said(staff: Merchant, ask: Ask) -> None:
    assert staff.sends("/returns/approvals").status_code == 422
    number = str(ask())
    assert staff.sends("/returns/approvals", {"id": number}).status_code == 200
    again = staff.sends("/returns/approvals", {"id": number})
    assert (again.status_code, again.json["is_stale"]) == (409, True)


def test_nobody_chooses_another_shop_s_returns(shop: Shop, staff: Merchant, stranger: Merchant, ask: Ask) -> None:
    number = ask()
    assert stranger.sends("/returns/approvals", {"id": str(number)}).status_code == 422
    form = {"id": str(number), "why": "other", "message": ""}
    assert stranger.sends("/returns/refusals", form).status_code == 422
    assert found(shop, number).state == "asked"


# Who may


def test_another_shop_sees_and_does_nothing(shop: Shop, stranger: Merchant, ask: Ask) -> None:
    number = ask()
    assert stranger.opens(f"/returns/{number}").status_code == 404
    assert stranger.opens(f"/returns/{number}/lines").status_code == 404
    assert stranger.opens(f"/returns/{number}/inspection").status_code == 404
    for deed in DEEDS:
        form = {
            "why": "other",
            "question": "?",
            "note": "!",
            "answer": "yes",
            "amount": "1",
            "url": "https://a.example",
        }
        form["amount"] = "1" if "goodwill" in deed else ""
        assert stranger.sends(f"/returns/{number}/{deed}", form).status_code == 404, deed
    assert "No returns yet" in stranger.opens("/returns").text
    assert "No such return" in stranger.sends("/returns/search", {"q": "nora.lindqvist@example.com"}).text
    assert words(shop, number) == [("buyer", "asked")]


def test_without_a_token_nothing_is_shown_or_done(staff: Merchant, ask: Ask) -> None:
    number = ask()
    for path in ("/returns/approvals", f"/returns/{number}/approval", "/settings/staff"):
        assert staff.sends(path, headers={}).status_code == 401


# One return


def test_one_return_s_page_has_everything(shop: Shop, staff: Merchant, ask: Ask) -> None:
    shown = text(staff.opens(f"/returns/{ask(LAMP)}").text)
    assert "Nora Lindqvist" in shown
    assert "It &lt;flickers&gt;." in shown
    assert "30 days, so the last day is" in shown
    assert "The buyer was told €95.00" in shown
    assert "1 order, 3 pieces bought" in shown
    assert "1 of 3 pieces sent back (33 %)" in shown


def test_the_history_counts_all_orders_of_this_buyer_and_nobody_else_s(shop: Shop, staff: Merchant, ask: Ask) -> None:
    ask(kind=WITHDRAWAL)
    declined = ask()
    staff.sends(f"/returns/{declined}/refusal", {"why": "other", "message": ""})
    stranger = {"email": "somebody@example.com", "customer": {"id": 99}}
    file(shop, order=place(shop, **stranger))
    page = text(staff.opens(f"/returns/{ask(LAMP)}").text)
    assert "3 orders, 9 pieces bought 3 returns, 1 of them a withdrawal, 1 declined" in page
    assert "3 of 9 pieces sent back (33 %)" in page


def test_a_decision_is_logged_with_person_and_time_and_told(
    shop: Shop, staff: Merchant, colleague: Merchant, ask: Ask
) -> None:
    number = ask()
    form = {"why": "return_period_ended", "message": "Too late, sorry.", "reason": "Third time."}
    assert staff.sends(f"/returns/{number}/refusal", form).json["toast"].startswith("Declined")
    assert words(shop, number)[-1] == ("7", "declined")
    mine, theirs = (text(one.opens(f"/returns/{number}").text) for one in (staff, colleague))
    for page in (mine, theirs):
        assert (
            "Declined: The period for returns is over To the buyer: Too late, sorry. For staff alone: Third time."
            in page
        )
    assert "· you" in mine
    assert "· staff member 7" in theirs
    assert "decline" in steps(shop, number)


@pytest.mark.parametrize("second", ["approval", "refusal"])
def test_whoever_is_second_hears_what_the_first_did(
    shop: Shop, staff: Merchant, colleague: Merchant, ask: Ask, second: str
) -> None:
    number = ask()
    assert staff.sends(f"/returns/{number}/approval").status_code == 200
    late = colleague.sends(f"/returns/{number}/{second}", {"why": "other", "message": ""})
    assert (late.status_code, late.json["is_stale"]) == (409, True)
    assert late.json["toast"] == "Somebody was faster: it is approved."
    assert [word for _, word in words(shop, number)] == ["asked", "approved"]


def test_a_buyer_is_asked_for_more_and_staff_sees_the_answer(shop: Shop, staff: Merchant, ask: Ask) -> None:
    number = ask()
    assert staff.sends(f"/returns/{number}/question", {"question": "Which shade?"}).status_code == 200
    assert "Waiting for the buyer" in text(staff.opens(f"/returns/{number}").text)
    assert requests.answer(shop, number, "The left one.")
    assert "The buyer answered The left one." in text(staff.opens(f"/returns/{number}").text)


def test_notes_and_who_cares_for_it_are_kept(shop: Shop, staff: Merchant, colleague: Merchant, ask: Ask) -> None:
    number = ask()
    staff.sends(f"/returns/{number}/notes", {"note": "The carrier\r\nknows."})
    staff.sends(f"/returns/{number}/assignment", {"to": "me"})
    page = text(colleague.opens(f"/returns/{number}").text)
    assert "Note The carrier knows." in page
    assert "Assigned to Staff member 7 Take it over" in page
    colleague.sends(f"/returns/{number}/assignment", {"to": "nobody"})
    assert found(shop, number).assigned_to is None
    assert words(shop, number)[-1] == ("8", "assigned")


@pytest.mark.parametrize(
    ("deed", "field"), [("notes", "note"), ("question", "question"), ("refusal", "message"), ("refusal", "reason")]
)
@pytest.mark.parametrize("typed", ["x" * 2001, "a\x00b"])
def test_what_no_mail_can_hold_is_said_at_its_field(
    shop: Shop, staff: Merchant, ask: Ask, deed: str, field: str, typed: str
) -> None:
    number = ask()
    answer = staff.sends(f"/returns/{number}/{deed}", {"why": "other", field: typed})
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert words(shop, number) == [("buyer", "asked")]


@pytest.mark.parametrize("deed", ["notes", "question"])
def test_nothing_is_no_note_and_no_question(staff: Merchant, ask: Ask, deed: str) -> None:
    assert staff.sends(f"/returns/{ask()}/{deed}", {deed.rstrip("s"): "  "}).status_code == 422


def test_shopify_knows_only_its_own_reasons(shop: Shop, staff: Merchant, ask: Ask) -> None:
    number = ask()
    answer = staff.sends(f"/returns/{number}/refusal", {"why": "mood", "message": ""})
    assert list(answer.json["errors"]) == ["why"]
    assert found(shop, number).state == "asked"


def test_a_flag_is_explained_and_taken_off_by_whoever_has_looked(shop: Shop, staff: Merchant, ask: Ask) -> None:
    number = ask(kind=WITHDRAWAL, flags=["late"])
    assert "The withdrawal came after the period was over." in staff.opens(f"/returns/{number}").text
    assert staff.sends(f"/returns/{number}/flag").status_code == 200
    assert not found(shop, number).is_flagged
    assert staff.sends(f"/returns/{number}/flag").status_code == 409


def test_a_return_that_is_called_off_frees_its_units(shop: Shop, staff: Merchant, ask: Ask) -> None:
    order = place(shop)
    number = ask(order=order)
    assert staff.sends(f"/returns/{number}/cancellation").status_code == 200
    assert found(shop, number).state == "cancelled"
    assert ask(order=order) != number
    again = staff.sends(f"/returns/{number}/cancellation")
    assert again.json["toast"] == "Somebody was faster: it was called off."


def test_what_shopify_refused_is_shown_and_tried_again(shop: Shop, staff: Merchant, ask: Ask) -> None:
    number = ask()
    with transaction():
        step: Step = requests.steps(shop, number)[0]
        step.done_at, step.result, step.error = app_clock.now(), "refused", "elsewhere"
    page = text(staff.opens(f"/returns/{number}").text)
    assert "Something could not be done at Shopify File the return: Somebody decided otherwise in Shopify." in page
    assert staff.sends(f"/returns/{number}/retry").status_code == 200
    assert staff.sends(f"/returns/{number}/retry").status_code == 409


# The label


def picture(kind: str, size: tuple[int, int] = (8, 8)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size).save(made, kind)
    return made.getvalue()


PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def uploads(staff: Merchant, number: int, content: bytes) -> TestResponse:
    """A file alone, as a browser sends it."""
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="label.pdf"\r\n\r\n'
    return staff.asks(
        "POST",
        f"/returns/{number}/label",
        data=head + content + b"\r\n--edge--\r\n",
        content_type="multipart/form-data; boundary=edge",
        query_string=staff.frame,
        headers={"Authorization": f"Bearer {staff.token}"},
    )


@pytest.mark.parametrize("content", [PDF, picture("PNG"), picture("JPEG")], ids=["pdf", "png", "jpeg"])
def test_a_label_is_taken_by_its_content(shop: Shop, staff: Merchant, ask: Ask, content: bytes) -> None:
    number = ask()
    staff.sends(f"/returns/{number}/approval")
    upload = {"file": (io.BytesIO(content), "anything.exe"), "number": "JD0001"}
    assert staff.sends(f"/returns/{number}/label", upload).status_code == 200
    assert words(shop, number)[-1] == ("7", "labelled")
    assert steps(shop, number)[-1] == "label"
    assert "JD0001" in text(staff.opens(f"/returns/{number}").text)


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"%PDF-1.4 cut off",
        picture("PNG")[:40],
        picture("GIF"),
        b"%PDF-1.4" + b"x" * (5 * 1024 * 1024) + b"%%EOF",
    ],
    ids=["html", "half a pdf", "half a png", "gif", "too large"],
)
def test_what_is_no_label_is_refused_whatever_it_is_called(
    shop: Shop, staff: Merchant, ask: Ask, content: bytes
) -> None:
    number = ask()
    staff.sends(f"/returns/{number}/approval")
    answer = uploads(staff, number, content)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["file"])
    assert words(shop, number)[-1] == ("7", "approved")


def test_a_file_beyond_all_measure_is_not_even_read(staff: Merchant, ask: Ask) -> None:
    assert uploads(staff, ask(), b"%PDF-" + b"x" * 6 * 1024 * 1024).status_code == 413


def test_a_label_may_be_an_address_and_nothing_else(shop: Shop, staff: Merchant, ask: Ask) -> None:
    number = ask()
    staff.sends(f"/returns/{number}/approval")
    for typed in (
        "javascript:alert(1)",
        "http://a.example/1",
        "https://user@a.example/",
        "https://nowhere",
        "x" * 2000,
    ):
        answer = staff.sends(f"/returns/{number}/label", {"url": typed})
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["url"]), typed
    assert staff.sends(f"/returns/{number}/label", {}).status_code == 422
    assert staff.sends(f"/returns/{number}/label", {"number": "1\n2"}).status_code == 422
    assert staff.sends(f"/returns/{number}/label", {"url": "https://labels.example.com/7.pdf"}).status_code == 200


def test_only_an_approved_return_gets_a_label(staff: Merchant, ask: Ask) -> None:
    assert staff.sends(f"/returns/{ask()}/label", {"number": "JD0001"}).status_code == 409


# What came back, and the money


def test_units_come_back_one_by_one_each_in_its_condition(shop: Shop, staff: Merchant, ask: Ask) -> None:
    number = ask(BOTH_LAMPS)
    staff.sends(f"/returns/{number}/approval")
    [item] = requests.items(shop, [number])[number]
    form = {f"units-{item.id}": "1", f"condition-{item.id}": ""}
    assert staff.sends(f"/returns/{number}/receipt", form).status_code == 200
    assert found(shop, number).state == "received"
    assert "1 of 2 back" in text(staff.opens(f"/returns/{number}").text)
    more = {f"units-{item.id}": "2", f"condition-{item.id}": "missing"}
    assert staff.sends(f"/returns/{number}/receipt", more).status_code == 200
    assert words(shop, number)[-2:] == [("7", "received"), ("7", "received")]


@pytest.mark.parametrize(
    ("units", "condition"),
    [("3", ""), ("-1", ""), ("0", ""), ("1", "eaten"), ("1", "restocked"), ("²", "missing")],
)
def test_what_cannot_have_come_is_not_noted(shop: Shop, staff: Merchant, ask: Ask, units: str, condition: str) -> None:
    number = ask(BOTH_LAMPS)
    staff.sends(f"/returns/{number}/approval")
    [item] = requests.items(shop, [number])[number]
    form = {f"units-{item.id}": units, f"condition-{item.id}": condition}
    assert staff.sends(f"/returns/{number}/receipt", form).status_code == 422
    assert found(shop, number).state == "approved"


def test_a_refund_is_ordered_once_however_often_it_is_clicked(shop: Shop, staff: Merchant, ask: Ask) -> None:
    number = ask()
    received(staff, shop, number)
    assert staff.sends(f"/returns/{number}/refund").status_code == 200
    assert staff.sends(f"/returns/{number}/refund").status_code == 409
    assert steps(shop, number).count("refund") == 1


def test_nothing_is_refunded_before_the_goods_are_back(shop: Shop, staff: Merchant, ask: Ask) -> None:
    number = ask()
    assert staff.sends(f"/returns/{number}/refund").status_code == 409
    assert "refund" not in steps(shop, number)


@pytest.mark.parametrize("typed", ["-1", "0", "1.001", "NaN", "1e9999999", "ten", "9" * 30])
def test_what_is_no_sum_is_not_refunded(shop: Shop, staff: Merchant, ask: Ask, typed: str) -> None:
    number = ask()
    received(staff, shop, number)
    answer = staff.sends(f"/returns/{number}/refund", {"amount": typed})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["amount"])
    assert "refund" not in steps(shop, number)


# Elsewhere in the admin


def test_the_start_page_says_what_waits_and_which_clock_is_next(
    shop: Shop, staff: Merchant, ask: Ask, clock: Clock
) -> None:
    ask()
    assert "1 return to decide" in staff.opens("/").text
    for number in (ask(), ask()):
        received(staff, shop, number)
    page = text(staff.opens("/").text)
    assert "1 return to decide" in page
    assert "2 refunds to make" in page
    assert "until" in page
    clock.forward(hours=25)
    assert "late since" in text(staff.opens("/").text)


def test_the_start_page_says_what_is_to_be_inspected(shop: Shop, staff: Merchant, ask: Ask) -> None:
    back(staff, shop, ask())
    page = staff.opens("/").text
    assert "1 return to inspect" in page
    assert "refund to make" not in page


def test_an_order_s_page_leads_to_its_returns(shop: Shop, staff: Merchant, ask: Ask) -> None:
    order = place(shop)
    number = ask(kind=RETURN, order=order)
    page = staff.opens(f"/orders/{order[0]}").text
    assert f"/returns/{number}?" in page
    assert "To decide" in page


def test_staff_says_until_when_a_label_holds(staff: Merchant, ask: Ask, clock: Clock) -> None:
    number = ask()
    staff.sends(f"/returns/{number}/approval")
    assert "Label missing" in text(staff.opens(f"/returns/{number}").text)
    for typed in ("2020-01-01", "soon", "2026-02-30"):
        answer = staff.sends(f"/returns/{number}/label", {"number": "JD0001", "until": typed})
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["until"]), typed
    until = (app_clock.now() + timedelta(days=10)).date()
    form = {"number": "JD0001", "until": until.isoformat()}
    assert staff.sends(f"/returns/{number}/label", form).status_code == 200
    page = text(staff.opens(f"/returns/{number}").text)
    assert f"Given JD0001 Valid until {until:%b} {until.day}, {until:%Y}" in page
    assert "Label missing" not in page
    clock.forward(days=12)
    assert "Run out JD0001" in text(staff.opens(f"/returns/{number}").text)


def test_what_misses_a_label_is_listed_by_itself(shop: Shop, staff: Merchant, ask: Ask) -> None:
    waiting, given = ask(), ask()
    for number in (waiting, given, ask()):
        staff.sends(f"/returns/{number}/approval")
    staff.sends(f"/returns/{given}/label", {"number": "JD0001"})
    page = staff.opens("/returns", show="labels").text
    assert len(listed(page)) == 2
    assert f"/returns/{waiting}?" in page and f"/returns/{given}?" not in page
    assert "Label missing 2" in text(page)


def test_staff_read_what_to_do_with_what_was_not_sent(staff: Merchant, shop: Shop) -> None:
    number, name = place(shop)
    lamps = replace(basket(number, name).pieces[0], fulfillment_line_id=-(number * 10 + 1), shipment_id=0)
    what = replace(basket(number, name), pieces=(), unsent_pieces=(lamps,), unsent=2)
    wish = Wish(fulfillment_line_id=lamps.fulfillment_line_id, quantity=2)
    filed = requests.ask(
        shop,
        "withdrawal",
        "page",
        what,
        [wish],
        terms_version=1,
        decisions=[decisions.Decision(is_allowed=True, rule="law", facts={"since": "waiting", "days": 14})],
        preview=money.preview(what, [wish], Terms(), {}, is_withdrawal=True),
    )
    rest()
    page = staff.opens(f"/returns/{filed.id}").text
    assert "These items were not sent yet: cancel them in Shopify" in page
    assert f'href="shopify://admin/orders/{number}"' in page
    assert "By law the money has to be back by" in page
    assert "Note what came back" not in page


# Narrowed down


@pytest.fixture
def three(shop: Shop, ask: Ask) -> None:
    """A cord set and two lamps; of one lamp there is a photo, and the cord set is too small."""
    ask(LAMP, order=place(shop, "#601"))
    number = ask(BOTH_LAMPS, order=place(shop, "#602"))
    ask(replace(A_CORD, reason="too-small"), order=place(shop, "#603"))
    photo = Photo(shop_id=shop.id, order_id=found(shop, number).order_id, request_id=number, key="k", by="buyer")
    photo.fulfillment_line_id, photo.size, photo.width, photo.height = 11, 1, 1, 1
    photo.taken_at = app_clock.now()
    with transaction():
        db.session.add(photo)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"reason": "damaged"}, ["#601", "#602"]),
        ({"reason": "too-small"}, ["#603"]),
        ({"photos": "yes"}, ["#602"]),
        ({"photos": "no"}, ["#601", "#603"]),
        ({"least": "95"}, ["#601", "#602"]),
        ({"least": "95.01"}, ["#602"]),
        ({"least": "a lot", "photos": "perhaps"}, ["#601", "#602", "#603"]),
        ({"reason": "damaged", "photos": "no", "least": "20.00"}, ["#601"]),
    ],
)
def test_the_list_is_narrowed_down_by_reason_photos_and_value(
    staff: Merchant, three: None, chosen: dict[str, str], expected: list[str]
) -> None:
    page = staff.opens("/returns", show="decide", **chosen).text
    assert listed(page) == expected


def test_a_filter_stays_when_another_view_or_page_is_opened(shop: Shop, staff: Merchant, ask: Ask) -> None:
    for number in range(52):
        ask(LAMP, order=place(shop, f"#{700 + number}"))
    page = staff.opens("/returns", show="decide", reason="damaged", least="1").text.replace("&amp;", "&")
    assert re.search(r"/returns\?show=all&reason=damaged&least=1&", page)
    assert re.search(r'data-next="/returns\?show=decide&after=[^&]+&reason=damaged&least=1&', page)
    assert '<s-option value="damaged" selected>' in page
    assert "None of these fits" in staff.opens("/returns", show="decide", reason="color").text
