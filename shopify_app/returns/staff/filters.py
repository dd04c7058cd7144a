"""What staff narrow a list of returns down to, beside its views: kept in the address, so that it outlives a reload."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from shopify_app.returns.models import Item, Photo, Request
from shopify_app.returns.staff import typed
from shopify_app.shopify.models import Shop

PHOTOS = ("yes", "no")
LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    reason: str = ""
    """Handle; empty, as the others: any."""
    photos: str = ""
    """One of PHOTOS."""
    least: str = ""
    """As typed: what comes back is worth so much or more, in the shop's currency. Nonsense narrows nothing down."""

    @property
    def query(self) -> dict[str, str]:
        """For an address: what is chosen."""
        asked = {"reason": self.reason, "photos": self.photos, "least": self.least}
        return {name: value for name, value in asked.items() if value}

    def which(self, shop: Shop) -> ColumnElement[bool]:
        """Of an amount in another currency nobody knows here what it is worth: such a return is left out."""
        found: list[ColumnElement[bool]] = [Request.shop_id == shop.id]
        of_request = Item.shop_id == Request.shop_id, Item.request_id == Request.id
        if self.reason:
            found.append(exists().where(*of_request, Item.reason == self.reason))
        if self.photos:
            has_photos = exists().where(Photo.shop_id == Request.shop_id, Photo.request_id == Request.id)
            found.append(has_photos if self.photos == "yes" else ~has_photos)
        if (least := typed.amount(self.least, shop.currency)) is not None:
            sums = select(func.sum(Item.amount)).where(*of_request).scalar_subquery()
            is_worth = or_(Request.expected >= least, and_(Request.expected.is_(None), sums >= least))
            found += [Request.currency == shop.currency, is_worth]
        return and_(*found)


def read(args: Mapping[str, str]) -> Filter:
    photos = args.get("photos", "")
    return Filter(
        reason=args.get("reason", "")[:LONGEST],
        photos=photos if photos in PHOTOS else "",
        least=args.get("least", "").strip()[:LONGEST],
    )
