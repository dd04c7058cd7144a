"""What happens when Shopify says X: every topic, from the delivery to what a merchant or a buyer can see of it."""

from datetime import timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import update

from shopify_app import clock as app_clock
from shopify_app.carts.models import Cart
from shopify_app.db import Model, db, rest, transaction
from shopify_app.mail.models import Message
from shopify_app.orders import read
from shopify_app.orders.models import Consent, Customer, Order, Product, Refund, Return, Shipment, Sync
from shopify_app.orders.read import Whole
from shopify_app.privacy.models import PrivacyRequest
from shopify_app.shopify.models import Shop, named
from shopify_app.webhooks import inbox, topics
from shopify_app.webhooks.models import Webhook
from tests import factories
from tests.conftest import LUMEN, SECOND, Clock, Jobs, Sender
from tests.factories import later

M = TypeVar("M", bound=Model)


def one(model: type[M]) -> M:
    rest()
    return db.session.query(model).one()


def every(model: type[M]) -> list[M]:
    rest()
    return db.session.query(model).all()


def whole(shop: Shop, order_id: int = 1001) -> Whole:
    rest()
    found = read.whole(shop, order_id)
    assert found is not None
    return found


def wanted(kind: str) -> list[int]:
    """What is to be read at Shopify."""
    return [sync.subject for sync in every(Sync) if sync.kind == kind]


@pytest.mark.parametrize("topic", topics.HANDLERS)
def test_shopifys_own_body_for_a_topic_is_worked_through(sends: Sender, shop: Shop, jobs: Jobs, topic: str) -> None:
    """Alone, as the first thing ever heard of what it is about, and twice."""
    body = factories.BODIES[topic]()
    for _ in range(2):
        assert sends(topic, body).status_code == 200
        inbox.process()
    assert [(row.result, row.error) for row in every(Webhook)] == [("done", None)] * 2


@pytest.mark.parametrize("topic", [name for name, handler in topics.HANDLERS.items() if handler in topics.ALWAYS])
def test_some_topics_are_heard_from_a_shop_that_was_never_there(sends: Sender, jobs: Jobs, topic: str) -> None:
    sends(topic, factories.BODIES[topic]())
    inbox.process()
    assert one(Webhook).result == "done"


# Orders


def test_an_order_is_there_with_all_that_its_buyer_may_see(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", factories.order())
    jobs.run()
    found = whole(shop)
    order = found.order
    assert (order.name, order.financial_status, order.fulfillment_status) == ("#1001", "paid", None)
    assert (order.total, order.subtotal, order.shipping, order.tax, order.currency) == (9480, 8990, 490, 1514, "EUR")
    assert (order.locale, order.country, order.shipping_method) == ("de-DE", "DE", "Standard")
    assert order.person["email"] == "mira.sommer@example.com"
    assert order.person["address"]["city"] == "Leipzig"
    assert [(line.title, line.variant_title, line.quantity, line.price) for line in found.lines] == [
        ("Reading lamp", "Brass", 1, 8990)
    ]


def test_each_order_topic_brings_the_newest_state(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    history = [
        ("orders/create", {"financial_status": "pending"}),
        ("orders/updated", {"financial_status": "pending", "email": "new.address@example.com"}),
        ("orders/paid", {"financial_status": "paid"}),
        ("orders/partially_fulfilled", {"fulfillment_status": "partial"}),
        ("orders/fulfilled", {"fulfillment_status": "fulfilled"}),
        ("orders/cancelled", {"cancelled_at": later(9), "cancel_reason": "customer"}),
    ]
    for hours, (topic, change) in enumerate(history):
        sends(topic, factories.order(updated_at=later(hours), **change))
        jobs.run()
        order = whole(shop).order
        assert {name: getattr(order, name) for name in change if name in ("financial_status", "cancel_reason")} == {
            name: text for name, text in change.items() if name in ("financial_status", "cancel_reason")
        }
    assert order.fulfillment_status is None  # as the last body said
    assert order.cancelled_at is not None


def test_an_edited_order_is_read_again(sends: Sender, shop: Shop) -> None:
    sends("orders/edited", factories.order_edit(1001))
    inbox.process()
    assert wanted("order") == [1001]
    assert one(Webhook).order_id == 1001


def test_a_deleted_order_is_gone_and_no_late_news_revives_it(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", factories.order())
    sends("orders/delete", {"id": 1001})
    sends("orders/updated", factories.order(updated_at=later(5)))
    sends("fulfillments/create", factories.fulfillment())
    jobs.run()
    assert read.whole(shop, 1001) is None
    assert read.page(shop) == []


def test_an_order_whose_end_is_heard_first_never_begins(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/delete", {"id": 1001})
    jobs.run()
    sends("orders/create", factories.new_order(app_clock.now()))
    jobs.run()
    assert read.whole(shop, 1001) is None
    assert every(Message) == []


def test_a_buyer_whose_link_ran_out_gets_ours_too(sends: Sender, shop: Shop) -> None:
    sends("orders/create", factories.order())
    sends("orders/link_requested", factories.order())
    inbox.process()
    assert {message.template for message in every(Message)} == {"confirmations/order", "tracking/link"}


def test_a_buyer_who_asks_twice_within_the_hour_gets_one_link(sends: Sender, shop: Shop) -> None:
    at = app_clock.now().replace(minute=10)
    for minutes in (0, 5, 70):
        sends("orders/link_requested", factories.order(), at=at + timedelta(minutes=minutes))
    inbox.process()
    assert len([message for message in every(Message) if message.template == "tracking/link"]) == 2


# Parcels


def test_a_parcel_and_its_scans_show_with_the_order(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", factories.order())
    sends("fulfillments/create", factories.fulfillment())
    sends("fulfillment_events/create", factories.event(1, status="in_transit"))
    sends("fulfillment_events/create", factories.event(2, status="delivered", happened_at=later(60)))
    jobs.run()
    found = whole(shop)
    (parcel,) = found.shipments
    assert (parcel.carrier, parcel.tracking[0]["number"]) == ("DHL", "00340434161094042557")
    assert parcel.lines == [{"id": 10011, "quantity": 1}]
    assert [(scan.status, scan.place["city"]) for scan in found.events] == [
        ("in_transit", "Lyon"),
        ("delivered", "Lyon"),
    ]
    assert wanted("order") == []


def test_scans_stand_in_the_order_of_their_happening(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", factories.order())
    for number, hours in ((1, 50), (2, 30), (3, 40)):
        sends("fulfillment_events/create", factories.event(number, happened_at=later(hours)))
    jobs.run()
    assert [scan.id for scan in whole(shop).events] == [2, 3, 1]


def test_a_new_tracking_number_replaces_the_old_one(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", factories.order())
    sends("fulfillments/create", factories.fulfillment())
    number = {"tracking_number": "NEW", "tracking_numbers": ["NEW"], "tracking_urls": []}
    sends("fulfillments/update", factories.fulfillment(updated_at=later(26), **number))
    sends("fulfillments/update", factories.fulfillment(updated_at=later(25)))
    jobs.run()
    assert whole(shop).shipments[0].tracking[0]["number"] == "NEW"


def test_a_parcel_in_several_boxes_has_several_numbers(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", factories.order())
    boxes = {"tracking_numbers": ["A", "B", "C"], "tracking_urls": ["https://carrier.example.com/A"]}
    sends("fulfillments/create", factories.fulfillment(**boxes))
    jobs.run()
    assert whole(shop).shipments[0].tracking == [
        {"number": "A", "url": "https://carrier.example.com/A"},
        {"number": "B", "url": None},
        {"number": "C", "url": None},
    ]


def test_a_parcel_that_was_called_off_is_no_parcel(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", factories.order())
    sends("fulfillments/create", factories.fulfillment())
    sends("fulfillments/update", factories.fulfillment(status="cancelled", updated_at=later(26)))
    jobs.run()
    assert whole(shop).shipments == []


def test_a_parcel_before_its_order_waits_for_it_and_the_order_is_asked_for(sends: Sender, shop: Shop) -> None:
    sends("fulfillments/create", factories.fulfillment())
    inbox.process()
    assert wanted("order") == [1001]
    assert one(Shipment).order_id == 1001
    sends("orders/create", factories.order())
    inbox.process()
    assert [parcel.id for parcel in whole(shop).shipments] == [5001]


def test_a_scan_before_its_parcel_has_the_order_read(sends: Sender, shop: Shop) -> None:
    sends("orders/create", factories.order())
    sends("fulfillment_events/create", factories.event())
    inbox.process()
    assert wanted("order") == [1001]
    assert [scan.id for scan in whole(shop).events] == [6001]


@pytest.mark.parametrize("first", ["fulfillment_events/create", "fulfillment_events/delete"])
def test_a_scan_that_was_taken_back_stays_away_in_whatever_order_we_hear(
    sends: Sender, shop: Shop, jobs: Jobs, first: str
) -> None:
    sends("orders/create", factories.order())
    both = ["fulfillment_events/create", "fulfillment_events/delete"]
    for topic in (first, *both, *both[::-1]):
        sends(topic, factories.event())
        inbox.process()
    assert whole(shop).events == []


@pytest.mark.parametrize("status", ["in_transit", "IN_TRANSIT", "carried_by_dragon", None])
def test_a_carriers_word_that_we_do_not_know_is_kept(sends: Sender, shop: Shop, jobs: Jobs, status: Any) -> None:
    sends("orders/create", factories.order())
    sends("fulfillment_events/create", factories.event(status=status))
    jobs.run()
    assert [scan.status for scan in whole(shop).events] == [(status or "unknown").lower()]


# Refunds and returns


def test_money_that_went_back_shows_with_the_order(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", factories.order())
    sends("refunds/create", factories.refund())
    jobs.run()
    (back,) = whole(shop).refunds
    assert (back.amount, back.currency, back.lines) == (8990, "EUR", [{"id": 10011, "quantity": 1}])


def test_only_money_that_really_went_back_counts(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    tried = [
        {"kind": "refund", "status": "success", "amount": "10.00", "currency": "EUR"},
        {"kind": "refund", "status": "failure", "amount": "50.00", "currency": "EUR"},
        {"kind": "void", "status": "success", "amount": "20.00", "currency": "EUR"},
        {"kind": "refund", "status": "success", "amount": "1.50", "currency": "EUR"},
    ]
    sends("orders/create", factories.order())
    sends("refunds/create", factories.refund(1, transactions=tried))
    sends("refunds/create", factories.refund(2, transactions=[], created_at=later(49)))
    jobs.run()
    assert [back.amount for back in every(Refund)] == [1150, 0]
    assert [back.amount for back in whole(shop).refunds] == [1150]


def test_a_refund_before_its_order_has_the_order_read(sends: Sender, shop: Shop) -> None:
    sends("refunds/create", factories.refund())
    inbox.process()
    assert wanted("order") == [1001]


def test_a_return_is_followed_and_read_again_at_every_step(sends: Sender, shop: Shop) -> None:
    steps = [
        ("returns/request", factories.returned(), "requested"),
        ("returns/approve", factories.return_news(status="open"), "open"),
        ("returns/update", factories.return_update(), "open"),
        ("returns/process", {}, "open"),
        ("returns/close", factories.return_news(status="closed"), "closed"),
        ("returns/reopen", factories.return_news(status="OPEN"), "open"),
        ("returns/cancel", factories.return_news(status="canceled"), "canceled"),
    ]
    for topic, body, status in steps:
        sends(topic, body)
        inbox.process()
        found = one(Return)
        assert (found.status, found.order_id, found.name, found.pieces) == (status, 1001, "#1001-R1", 1), topic
    assert wanted("return") == [3001]


def test_a_return_known_only_by_its_gid_is_kept_until_more_is_known(sends: Sender, shop: Shop) -> None:
    sends("returns/update", factories.return_update())
    inbox.process()
    assert (one(Return).id, one(Return).order_id) == (3001, None)
    sends("returns/decline", factories.return_news(status="declined"))
    inbox.process()
    assert (one(Return).status, one(Return).order_id) == ("declined", 1001)


def test_late_news_of_a_return_changes_nothing(sends: Sender, shop: Shop) -> None:
    now = app_clock.now()
    sends("returns/close", factories.return_news(status="closed"), at=now)
    sends("returns/approve", factories.return_news(status="open"), at=now - timedelta(minutes=1))
    inbox.process()
    assert one(Return).status == "closed"


# Checkouts


def test_a_checkout_is_remembered_until_it_becomes_an_order(sends: Sender, shop: Shop) -> None:
    sends("checkouts/create", factories.checkout())
    sends("checkouts/update", factories.checkout(updated_at=later(-0.5), email="better@example.com"))
    inbox.process()
    cart = one(Cart)
    assert (cart.person["email"], cart.completed_at) == ("better@example.com", None)
    sends("orders/create", factories.order(1001))
    inbox.process()
    assert one(Cart).completed_at is not None


def test_a_checkout_without_an_id_of_its_own_is_known_by_its_token(sends: Sender, shop: Shop) -> None:
    sends("checkouts/create", factories.checkout(id=None))
    sends("checkouts/update", factories.checkout(updated_at=later(-0.5)))
    inbox.process()
    assert one(Cart).checkout_id == 2001


@pytest.mark.parametrize("name", [{"id": 2001}, {"token": "checkout-1001"}, {"cart_token": "cart-1001"}])
def test_a_deleted_checkout_is_forgotten_by_whatever_name_it_is_called(
    sends: Sender, shop: Shop, name: dict[str, object]
) -> None:
    sends("checkouts/create", factories.checkout())
    sends("checkouts/create", factories.checkout("another", id=2002, cart_token="cart-2"))
    inbox.process()
    sends("checkouts/delete", name)
    inbox.process()
    assert one(Cart).token == "another"


# Customers


def test_a_customer_and_what_they_allow(sends: Sender, shop: Shop) -> None:
    sends("customers/create", factories.customer())
    sends("customers_email_marketing_consent/update", factories.email_consent())
    sends("customers_marketing_consent/update", factories.sms_consent())
    inbox.process()
    assert one(Customer).person["first_name"] == "Mira"
    assert {(row.channel, row.state, row.customer_id) for row in every(Consent)} == {
        ("email", "subscribed", 7001),
        ("sms", "subscribed", 7001),
    }


def test_who_took_their_consent_back_is_not_asked_by_older_news(sends: Sender, shop: Shop) -> None:
    topic = "customers_email_marketing_consent/update"
    no, yes = factories.consent("unsubscribed", later(5)), factories.consent("subscribed", later(1))
    sends(topic, factories.email_consent(email_marketing_consent=no))
    sends(topic, factories.email_consent(email_marketing_consent=yes))
    sends("customers/update", factories.customer(updated_at=later(6), email_marketing_consent=yes))
    inbox.process()
    assert one(Consent).state == "unsubscribed"


def test_a_customer_of_an_older_version_brings_consent_along(sends: Sender, shop: Shop) -> None:
    sends(
        "customers/create", factories.customer(email_marketing_consent=factories.consent(), sms_marketing_consent=None)
    )
    inbox.process()
    assert (one(Consent).channel, one(Consent).state) == ("email", "subscribed")


def test_consent_without_a_word_is_no_consent(sends: Sender, shop: Shop) -> None:
    nothing = {"state": None, "opt_in_level": None, "consent_updated_at": None}
    sends("customers_marketing_consent/update", factories.sms_consent(sms_marketing_consent=nothing))
    inbox.process()
    assert one(Consent).state == "not_subscribed"


def test_a_deleted_customer_is_gone_and_the_orders_stay(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", factories.order())
    sends("customers/create", factories.customer())
    sends("customers_email_marketing_consent/update", factories.email_consent())
    sends("customers/delete", {"id": 7001})
    jobs.run()
    assert (every(Customer), every(Consent)) == ([], [])
    assert whole(shop).order.name == "#1001"


# Products, the shop, the app


def test_a_line_shows_the_picture_of_its_variant(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", factories.order(line_items=[factories.line(1), factories.line(2, variant_id=9999)]))
    sends("products/create", factories.product())
    jobs.run()
    found = whole(shop)
    assert [found.picture(line) for line in found.lines] == [
        "https://cdn.shopify.com/s/files/lamp-brass.png",
        "https://cdn.shopify.com/s/files/lamp.png",
    ]


def test_a_product_that_we_do_not_know_is_asked_for(sends: Sender, shop: Shop) -> None:
    lines = [factories.line(1), factories.line(2, product_id=None), factories.line(3, product_id=9002)]
    sends("products/create", factories.product(9002))
    inbox.process()
    with transaction():
        db.session.execute(update(Product).values(fields=[], fields_at=app_clock.now()))
    sends("orders/create", factories.order(line_items=lines))
    inbox.process()
    assert wanted("product") == [9001]


def test_a_product_is_asked_for_as_long_as_its_own_fields_were_not_read(sends: Sender, shop: Shop) -> None:
    sends("products/create", factories.product(9002))
    sends("orders/create", factories.order(line_items=[factories.line(3, product_id=9002)]))
    inbox.process()
    assert wanted("product") == [9002]


@pytest.mark.parametrize("pictures", [{"image": None, "images": []}, {"image": None, "images": None}, {"images": []}])
def test_a_product_without_pictures_has_none(sends: Sender, shop: Shop, pictures: dict[str, Any]) -> None:
    body = factories.product(**({"image": None} | pictures))
    sends("products/create", body)
    inbox.process()
    assert (one(Product).image_url, one(Product).variant_images) == (None, {})


def test_a_deleted_product_keeps_its_name_and_loses_its_picture(sends: Sender, shop: Shop) -> None:
    sends("products/create", factories.product())
    sends("products/delete", {"id": 9001})
    inbox.process()
    gone = one(Product)
    assert (gone.title, gone.image_url, gone.deleted_at is None) == ("Reading lamp", None, False)


def test_the_shop_tells_its_new_name_and_place(sends: Sender, shop: Shop) -> None:
    changes = {"name": "Lumen & Sons", "iana_timezone": "Asia/Tokyo", "currency": "JPY", "primary_locale": "ja"}
    sends("shop/update", factories.shop_details(country_code="JP", email="new@example.com", **changes))
    inbox.process()
    shop = one(Shop)
    assert (shop.name, shop.timezone, shop.currency, shop.locale) == ("Lumen & Sons", "Asia/Tokyo", "JPY", "ja")
    assert (shop.country, shop.email) == ("JP", "new@example.com")


def test_what_the_shop_leaves_out_stays_as_it_was(sends: Sender, shop: Shop) -> None:
    before = (shop.name, shop.timezone, shop.currency, shop.locale)
    sends("shop/update", {"id": 1})
    inbox.process()
    shop = one(Shop)
    assert (shop.name, shop.timezone, shop.currency, shop.locale) == before


def test_an_uninstall_stops_all_reading(sends: Sender, shop: Shop) -> None:
    sends("orders/edited", factories.order_edit(1001))
    sends("app/uninstalled", factories.shop_details())
    inbox.process()
    assert not named(LUMEN).is_installed
    assert [sync.result for sync in every(Sync)] == ["stopped"]


def test_an_uninstall_of_a_neighbour_is_the_neighbours(sends: Sender, shop: Shop, other_shop: Shop) -> None:
    sends("app/uninstalled", factories.shop_details(), shop=SECOND)
    inbox.process()
    assert named(LUMEN).is_installed
    assert not named(SECOND).is_installed


def test_late_news_of_an_uninstall_leaves_a_new_install_alone(sends: Sender, shop: Shop, clock: Clock) -> None:
    with transaction():
        shop.installed_at = app_clock.now()
    sends("app/uninstalled", factories.shop_details(), at=app_clock.now() - timedelta(hours=3))
    inbox.process()
    assert named(LUMEN).is_installed


def test_the_scopes_a_merchant_granted_are_remembered(sends: Sender, shop: Shop) -> None:
    sends("app/scopes_update", factories.scopes_update("read_products", "read_orders"))
    inbox.process()
    assert named(LUMEN).scopes == "read_orders,read_products"


def test_the_end_of_a_bulk_operation_hurries_the_import(sends: Sender, shop: Shop) -> None:
    late = app_clock.now() + timedelta(hours=1)
    with transaction():
        db.session.add(Sync(shop_id=shop.id, kind="import", due_at=late))
    sends("bulk_operations/finish", factories.bulk_finish())
    inbox.process()
    assert one(Sync).due_at < late


# Compliance


def test_a_request_about_a_person_becomes_work(sends: Sender, shop: Shop) -> None:
    sends("customers/data_request", factories.privacy("customers/data_request"))
    sends("customers/redact", factories.privacy("customers/redact"))
    inbox.process()
    assert {request.kind for request in every(PrivacyRequest)} == {"export", "erase_customer"}


@pytest.mark.parametrize("topic", ["customers/redact", "customers/data_request", "shop/redact"])
def test_nothing_is_erased_where_body_and_header_name_two_shops(
    sends: Sender, shop: Shop, other_shop: Shop, topic: str
) -> None:
    with transaction():
        shop.installed_at = None
    sends(topic, factories.privacy(topic, SECOND), shop=LUMEN)
    inbox.process()
    assert one(Webhook).result == "failed"
    assert every(PrivacyRequest) == []


def test_a_shop_that_came_back_is_not_erased(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", factories.order())
    sends("shop/redact", factories.privacy("shop/redact"))
    jobs.run()
    assert whole(shop).order.name == "#1001"


# Neighbours


def test_the_same_numbers_in_two_shops_are_two_things(sends: Sender, shop: Shop, other_shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", factories.order(note="first"))
    sends("orders/create", factories.order(financial_status="pending"), shop=SECOND)
    sends("orders/delete", {"id": 1001}, shop=SECOND)
    jobs.run()
    assert whole(shop).order.financial_status == "paid"
    assert read.whole(other_shop, 1001) is None
    assert len(every(Order)) == 2
