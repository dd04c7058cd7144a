"""What a buyer has chosen so far. It lies with us, not in the browser: a reload, the way back and another device lose
nothing, and no page has to believe what it sent out itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select, update

from shopify_app import clock
from shopify_app.db import db, transaction, upsert
from shopify_app.orders import read as orders
from shopify_app.returns.basket import Basket, Wish, packed, unpacked_basket, unpacked_wishes
from shopify_app.returns.models import Draft
from shopify_app.returns.reading import Variant
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    basket: Basket | None = None
    """The order as Shopify had it last; None: not read yet."""
    wishes: tuple[Wish, ...] = ()
    variants: Mapping[int, Sequence[Variant]] = field(default_factory=dict)
    """Piece → what it can be exchanged for, as read with the basket."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """Of a withdrawal: name and e-mail."""

    @property
    def prices(self) -> Mapping[int, int]:
        return {one.id: one.price for some in self.variants.values() for one in some}

    def wish(self, piece: int) -> Wish | None:
        return next((one for one in self.wishes if one.fulfillment_line_id == piece), None)


EMPTY = Sketch()


def of(shop: Shop, order_id: int, kind: str) -> Sketch:
    """EMPTY when nothing was begun."""
    found = select(Draft).where(Draft.shop_id == shop.id, Draft.order_id == order_id, Draft.kind == kind)
    draft = db.session.scalar(found)
    return _unpacked(draft.content) if draft else EMPTY


def keep(shop: Shop, order_id: int, kind: str, sketch: Sketch) -> None:
    """Nothing is kept of an order that was erased meanwhile."""
    with transaction():
        # Whoever erases a person holds the shop's row: what is read after this is still there when it is written.
        db.session.refresh(shop, with_for_update={"read": True, "key_share": True})
        if orders.get(shop, order_id) is None:
            return
        about = {"shop_id": shop.id, "order_id": order_id, "kind": kind}
        row = about | {"content": _packed(sketch), "updated_at": clock.now()}
        upsert(Draft, [row], tuple(about))


def renew(shop: Shop, order_id: int, kind: str, sketch: Sketch) -> None:
    """Keep it in place of what is there; one that was sent meanwhile does not come back."""
    with transaction():
        known = update(Draft).where(Draft.shop_id == shop.id, Draft.order_id == order_id, Draft.kind == kind)
        renewed = known.values(content=_packed(sketch), updated_at=clock.now())
        db.session.execute(renewed.execution_options(synchronize_session=False))


def _packed(sketch: Sketch) -> dict[str, Any]:
    return {
        "basket": sketch.basket and packed(sketch.basket),
        "wishes": [packed(wish) for wish in sketch.wishes],
        "variants": {str(piece): [asdict(one) for one in some] for piece, some in sketch.variants.items()},
        "typed": dict(sketch.typed),
    }


def _unpacked(kept: dict[str, Any]) -> Sketch:
    return Sketch(
        basket=unpacked_basket(kept["basket"]) if kept["basket"] else None,
        wishes=tuple(unpacked_wishes(kept["wishes"])),
        variants={int(piece): [Variant(**one) for one in some] for piece, some in kept["variants"].items()},
        typed=kept["typed"],
    )
