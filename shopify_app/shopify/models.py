"""The shop: who installed us, how we reach it, what it set."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import BigId, Model, UtcTime, db
from shopify_app.language import INFORMAL, choose, speak
from shopify_app.secrets import Encrypted


class Shop(Model):
    __tablename__ = "shops"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    domain: Mapped[str] = mapped_column(unique=True)
    """lumen-goods.myshopify.com: how Shopify names it in every token and signature."""
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None] = mapped_column(Encrypted("shops.email"))
    locale: Mapped[str] = mapped_column(default="en")
    timezone: Mapped[str] = mapped_column(default="UTC")
    currency: Mapped[str] = mapped_column(default="USD")
    country: Mapped[str | None]
    storefront_url: Mapped[str | None]
    """Where buyers see the shop; None until Shopify told us."""
    proxy_path: Mapped[str] = mapped_column(default="/apps/aftercare")
    """Where the app lives on the storefront; a merchant may move it, every signed proxy request tells."""
    scopes: Mapped[str] = mapped_column(default="")
    access_token: Mapped[str | None] = mapped_column(Encrypted("shops.access_token"))
    access_expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    refresh_token: Mapped[str | None] = mapped_column(Encrypted("shops.refresh_token"))
    refresh_expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    installed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """The latest install; None: never, or uninstalled."""
    opened_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When Shopify made the newest ID token we saw: it was installed then, whatever late news say."""
    uninstalled_at: Mapped[datetime | None] = mapped_column(UtcTime)
    greeted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When the first import of the latest install was put to work; None: still to do."""
    erased_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When a person was last erased here: from then on news is held against what may not come back. None: never."""
    token_owner: Mapped[str | None]
    token_lease_until: Mapped[datetime | None] = mapped_column(UtcTime)
    """Whoever asks Shopify for a new pair of tokens holds these two: exchange and refresh retire each other's pair."""
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @property
    def handle(self) -> str:
        return self.domain.removesuffix(".myshopify.com")

    def may(self, scope: str) -> bool:
        """Whether the merchant has allowed us this, as Shopify told last."""
        return scope in self.scopes.split(",")

    @property
    def storefront(self) -> str:
        return self.storefront_url or f"https://{self.domain}"

    def voice(self, *tags: str) -> str:
        """The first of these languages that we speak, else the shop's, in which it speaks to buyers; with the way of
        address that the merchant chose for it.
        """
        tag = choose(tags) or self.locale
        is_informal = speak(tag).code in self.settings.get("informal", ())
        return tag + INFORMAL if is_informal else tag

    @property
    def is_installed(self) -> bool:
        return self.installed_at is not None

    def came_after(self, moment: datetime) -> bool:
        """Whether it was installed later than that. Shopify tells whole seconds: what was in the same one is ours."""
        return self.installed_at is not None and moment < self.installed_at.replace(microsecond=0)


_BY_DOMAIN = select(Shop).where(Shop.domain == bindparam("domain"))


def find(domain: str) -> Shop | None:
    """The shop of a verified domain, installed or not."""
    return db.session.scalar(_BY_DOMAIN, {"domain": domain})


def named(domain: str) -> Shop:
    """The shop of this domain, which is known to have a row."""
    return db.session.scalars(select(Shop).where(Shop.domain == domain)).one()


def installed(domain: str) -> Shop | None:
    shop = find(domain)
    return shop if shop is not None and shop.is_installed else None


def get(shop_id: int) -> Shop:
    """The shop a row belongs to; raises LookupError when it is gone."""
    shop = db.session.get(Shop, shop_id)
    if shop is None:
        raise LookupError(f"shop {shop_id}")
    return shop
