"""What a product tells of itself beside its name and picture: its metafields."""

from devstore import deeds, server
from devstore.records import Metafield
from shopify_app.db import db, rest
from shopify_app.orders.models import Product
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock
from tests.mirror.conftest import Buy, Rounds

STEEL = {
    "namespace": "specs",
    "key": "material",
    "type": "single_line_text_field",
    "value": "Steel",
    "name": "Material",
}
MANUAL = {"namespace": "custom", "key": "manual", "type": "file_reference", "value": "gid://shopify/GenericFile/1"}
SECRET = {"namespace": "purchasing", "key": "cost", "type": "single_line_text_field", "value": "12.00", "name": "Cost"}


def told(shop: Shop, product_id: int) -> dict[str, tuple[str, str | None]]:
    rest()
    fields = db.session.get_one(Product, (shop.id, product_id)).fields or []
    return {one["key"]: (one["value"], one["url"]) for one in fields}


def test_the_fields_of_a_product_are_read_with_its_first_order_and_those_of_other_namespaces_never(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds
) -> None:
    files = [STEEL, MANUAL | {"name": "Manual", "file": "files/manual.pdf"}, SECRET]
    lamp = deeds.add_product(shopify.state, LUMEN, "Lamp", [{"title": "One", "price": "9.00"}], metafields=files)
    rounds.told()
    assert told(lumen, lamp.id) == {}
    buy(lines=[(lamp.variants[0].id, 1)])
    rounds.told()
    read = told(lumen, lamp.id)
    assert set(read) == {"specs.material", "custom.manual"}
    assert read["specs.material"] == ("Steel", None)
    assert str(read["custom.manual"][1]).endswith("/cdn/files/manual.pdf")


def test_a_changed_field_is_read_again_with_the_product_s_news_once_a_day(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, clock: Clock
) -> None:
    lamp = deeds.add_product(shopify.state, LUMEN, "Lamp", [{"title": "One", "price": "9.00"}], metafields=[STEEL])
    buy(lines=[(lamp.variants[0].id, 1)])
    rounds.told()
    brass = [Metafield(id=1, **STEEL | {"value": "Brass"})]  # type: ignore[arg-type]
    deeds.update_product(shopify.state, lamp, metafields=brass)
    rounds.told()
    assert told(lumen, lamp.id)["specs.material"][0] == "Steel"
    clock.forward(days=1, minutes=1)
    deeds.update_product(shopify.state, lamp, vendor="Lumen")
    rounds.told()
    assert told(lumen, lamp.id)["specs.material"][0] == "Brass"
