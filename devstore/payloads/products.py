"""products/create and products/update."""

from devstore.payloads.view import Body, View
from devstore.records import Product, Variant
from devstore.words import gid


def product(view: View, product: Product) -> Body:
    pictures = images(view, product)
    return {
        "id": product.id,
        "title": product.title,
        "body_html": product.description,
        "vendor": product.vendor,
        "product_type": product.product_type,
        "created_at": view.time(product.created_at),
        "handle": product.handle,
        "updated_at": view.time(product.updated_at),
        "published_at": view.time(product.created_at) if product.status == "active" else None,
        "template_suffix": None,
        "published_scope": "web",
        "tags": ", ".join(product.tags),
        "status": product.status,
        "admin_graphql_api_id": gid("Product", product.id),
        "variants": [_variant(view, product, place) for place in range(len(product.variants))],
        "options": [_option(product)],
        "images": pictures,
        "image": pictures[0] if product.picture else None,
    }


def images(view: View, product: Product) -> list[Body]:
    """The product's own picture first, then those of its variants."""
    pictures: list[tuple[int, str, list[int]]] = []
    if product.picture:
        pictures.append((product.picture_id, product.picture, []))
    pictures.extend((v.picture_id, v.picture, [v.id]) for v in product.variants if v.picture)
    return [
        {
            "id": id,
            "alt": product.picture_alt,
            "position": position,
            "product_id": product.id,
            "created_at": view.time(product.created_at),
            "updated_at": view.time(product.updated_at),
            "admin_graphql_api_id": gid("MediaImage", id),
            "width": 800,
            "height": 800,
            "src": f"{view.cdn}/{path}",
            "variant_ids": variants,
        }
        for position, (id, path, variants) in enumerate(pictures, start=1)
    ]


def _variant(view: View, product: Product, place: int) -> Body:
    variant = product.variants[place]
    return {
        "id": variant.id,
        "product_id": product.id,
        "title": variant.title,
        "price": variant.price,
        "position": place + 1,
        "inventory_policy": "deny",
        "compare_at_price": variant.compare_at_price,
        "option1": variant.title,
        "option2": None,
        "option3": None,
        "created_at": view.time(product.created_at),
        "updated_at": view.time(product.updated_at),
        "taxable": True,
        "barcode": None,
        "fulfillment_service": "manual",
        "grams": variant.grams,
        "inventory_management": "shopify",
        "requires_shipping": variant.requires_shipping,
        "sku": variant.sku,
        "weight": variant.grams / 1000,
        "weight_unit": "kg",
        "inventory_item_id": variant.id,
        "inventory_quantity": variant.inventory_quantity,
        "old_inventory_quantity": variant.inventory_quantity,
        "presentment_prices": [_price(view, variant)],
        "admin_graphql_api_id": gid("ProductVariant", variant.id),
        "image_id": variant.picture_id if variant.picture else None,
    }


def _price(view: View, variant: Variant) -> Body:
    price = {"amount": variant.price, "currency_code": view.shop.currency}
    return {"price": price, "compare_at_price": None}


def _option(product: Product) -> Body:
    return {
        "id": product.option_id,
        "product_id": product.id,
        "name": product.option_name,
        "position": 1,
        "values": [variant.title for variant in product.variants],
    }
