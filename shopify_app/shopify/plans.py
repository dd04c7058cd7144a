"""Which plan a shop has, and until when it may try. Nothing that buyers see or get depends on it.

Plans are sold by Shopify App Pricing, on a page of Shopify's own; no webhook tells of them, and what the way back says
is no proof, so Shopify is asked: after that page, and once a day. Whether `activeSubscriptions` names such plans for
every shop stands in docs/to-confirm-on-a-dev-store.md; where it names none, the trial counts from the first install.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app import clock
from shopify_app.db import Model, UtcTime, db, transaction, upsert
from shopify_app.shopify import guards
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import ShopifyError
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

FREE, TRIAL, PAID, OVER = "free", "trial", "paid", "over"


class Plan(Model):
    """What Shopify said last; a shop without a row was never asked about."""

    __tablename__ = "plans"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcTime)
    """When the trial began. To remove and install the app starts no second one."""
    name: Mapped[str | None]
    """None: no plan was chosen."""
    trial_days: Mapped[int | None]
    subscribed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """Of the period that is paid for."""
    read_at: Mapped[datetime | None] = mapped_column(UtcTime)


@dataclass(frozen=True, slots=True)
class Standing:
    kind: str
    """free (nothing is sold), trial, paid, over (the trial is, and no plan was chosen)."""
    name: str | None = None
    until: datetime | None = None
    """Of a trial, its end; of a paid plan, the end of its period."""
    read_at: datetime | None = None


def of(shop: Shop) -> Standing:
    """The one place that decides it. Asks nobody: it stands on what was read last."""
    if guards.config().pricing_handle is None:
        return Standing(FREE)
    plan = db.session.get(Plan, shop.id)
    if plan is None or plan.name is None or plan.subscribed_at is None:
        began = plan.began_at if plan else shop.installed_at or clock.now()
        until = began + timedelta(days=guards.config().trial_days)
        return Standing(TRIAL if clock.now() < until else OVER, None, until, plan.read_at if plan else None)
    tried = plan.subscribed_at + timedelta(days=plan.trial_days or 0)
    if clock.now() < tried:
        return Standing(TRIAL, plan.name, tried, plan.read_at)
    return Standing(PAID, plan.name, plan.ends_at, plan.read_at)


def read(shop: Shop) -> None:
    """Ask Shopify. Raises a ShopifyError."""
    given = AdminApi(shop).run("shopify/plan")["currentAppInstallation"]["activeSubscriptions"]
    told: dict[str, Any] = next((one for one in given if one["status"] == "ACTIVE"), {})
    row = {
        "shop_id": shop.id,
        "name": told.get("name"),
        "trial_days": told.get("trialDays"),
        "subscribed_at": _moment(told.get("createdAt")),
        "ends_at": _moment(told.get("currentPeriodEnd")),
        "read_at": clock.now(),
    }
    with transaction():
        upsert(Plan, [{"shop_id": shop.id, "began_at": shop.installed_at or clock.now()}], ("shop_id",), keep=True)
        db.session.execute(db.update(Plan).where(Plan.shop_id == shop.id).values(row))


def refresh() -> int:
    """Once a day, where plans are sold; returns how many shops were asked about."""
    if guards.config().pricing_handle is None:
        return 0
    count = 0
    for shop in db.session.scalars(select(Shop).where(Shop.installed_at.is_not(None))).all():
        try:
            read(shop)
            count += 1
        except ShopifyError as error:
            log.warning("plan_not_read", shop=shop.domain, error=type(error).__name__)
    return count


def prices(shop: Shop) -> str | None:
    """Shopify's page of plans, for the whole window; None where nothing is sold."""
    config = guards.config()
    handle = config.pricing_handle
    return f"{config.admin_url}/store/{shop.handle}/charges/{handle}/pricing_plans" if handle else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
