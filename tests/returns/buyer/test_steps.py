"""A buyer goes through the steps of a return, and loses nothing on the way."""

from tests.returns.buyer.conftest import Buyer, asked, drafts, text


def test_a_shirt_goes_back_for_its_money_in_four_pages(buyer: Buyer) -> None:
    first = buyer.visits("return")
    assert first.status_code == 200, first.text
    assert "Linen shirt" in text(first)
    assert "url=/apps/aftercare" in buyer.chooses(shirt=1).text
    assert "Too small" in text(buyer.visits("return/details"))
    buyer.explains("shirt", note="Runs small.")
    check = text(buyer.visits("return/check"))
    assert "€49.90" in check
    assert buyer.agrees().status_code == 200
    request = asked()[0]
    assert request.expected == 4990
    assert request.door == "page"
    page = text(buyer.visits(f"return/requests/{request.id}"))
    assert "We have your request" in page
    assert drafts() == []
