"""python -m tests.faults.planting: puts the shop and its products into the database of the environment."""

from datetime import timedelta

from shopify_app import clock, create_app
from shopify_app.db import db, transaction
from shopify_app.orders.models import Product
from shopify_app.shopify.models import Shop
from tests.faults.news import PRODUCTS, SHOP

if __name__ == "__main__":
    now = clock.now()
    with create_app().app_context(), transaction():
        shop = Shop(domain=SHOP, name="Lumen Goods", settings={"confirmations": True})
        shop.installed_at = shop.greeted_at = now - timedelta(hours=2)  # before all that the stories tell of
        db.session.add(shop)
        db.session.flush()
        for number, (title, _) in PRODUCTS.items():
            dates = {"updated_at": now, "seen_at": now}
            db.session.add(Product(shop_id=shop.id, id=number, title=title, variant_images={}, **dates))
