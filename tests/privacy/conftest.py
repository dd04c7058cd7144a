"""Persons whose traces are everywhere, and the eyes that look for them."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update

from shopify_app import clock
from shopify_app.changes.models import Change
from shopify_app.db import db, transaction
from shopify_app.privacy.models import PrivacyRequest
from shopify_app.privacy.scan import scan
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Lookup
from shopify_app.webhooks.models import Webhook
from tests.conftest import Jobs, Sender
from tests.privacy import people
from tests.privacy.people import Somebody

Plant = Callable[..., None]
Erase = Callable[..., None]


@pytest.fixture
def plant(sends: Sender, jobs: Jobs) -> Plant:
    """plant(shop, person): everything Shopify says of somebody is said and worked through, and some of it is not."""

    def plant_(shop: Shop, *persons: Somebody) -> None:
        for person in persons:
            hold(sends, jobs, shop, person)
            for topic, body in (*people.life(person), *people.broken(person)):
                sends(topic, body, shop=shop.domain)
            jobs.run()
            wait(sends, shop, person)

    return plant_


@pytest.fixture
def erase(sends: Sender, jobs: Jobs) -> Erase:
    """erase(shop, person): Shopify passes on that somebody wants to be forgotten, and the workers see to it."""

    def erase_(shop: Shop, person: Somebody, **fields: object) -> None:
        assert (
            sends("customers/redact", people.redaction(person, shop.domain, **fields), shop=shop.domain).status_code
            == 200
        )
        jobs.run()

    return erase_


def hold(sends: Sender, jobs: Jobs, shop: Shop, person: Somebody) -> None:
    """News that came before the shop was installed, and was never released."""
    with transaction():
        installed, shop.installed_at = shop.installed_at, None
    sends("orders/updated", people.order(person), shop=shop.domain)
    jobs.run()
    with transaction():
        shop.installed_at = installed


def wait(sends: Sender, shop: Shop, person: Somebody) -> None:
    """Work that is still to do: a look-up, a request of the buyer's, and news whose last try failed."""
    known = db.session.scalar(select(func.max(Webhook.id)))
    sends("orders/updated", people.order(person), shop=shop.domain)
    later = clock.now().replace(year=clock.now().year + 1)
    with transaction():
        db.session.add(Lookup(shop_id=shop.id, number=person.number.lower(), due_at=later))
        content = {"address": people.address(person), "before": people.address(person)}
        asked = Change(shop_id=shop.id, order_id=person.order, kind="address", content=content, due_at=later)
        asked.asked_at = clock.now()
        db.session.add(asked)
        db.session.execute(update(Webhook).where(Webhook.id > known).values(due_at=later))


def places(shop: Shop | str, person: Somebody) -> Counter[tuple[str, str]]:
    """Table and column → how many hits."""
    found = scan(shop if isinstance(shop, str) else shop.domain, person.needles)
    return Counter((place.table, place.column) for place in found)


def counts() -> dict[str, int]:
    """Table → rows."""
    rows = {table.name: select(func.count()).select_from(table) for table in db.metadata.sorted_tables}
    return {name: db.session.scalar(count) or 0 for name, count in rows.items()}


def last_request() -> PrivacyRequest:
    asked = select(PrivacyRequest).order_by(PrivacyRequest.id.desc()).limit(1)
    return db.session.scalars(asked.execution_options(populate_existing=True)).one()
