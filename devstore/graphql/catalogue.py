"""Resolvers of products, their variants and pictures."""

from typing import Any

from devstore.graphql.caller import Info, caller
from devstore.graphql.connections import connect
from devstore.graphql.parts import File, Part, Picture, parse_gid
from devstore.graphql.search import Fields, compile
from devstore.records import Collection, Metafield, Product, Variant

FIELDS = Fields(
    named={
        "id": lambda p: p.id,
        "title": lambda p: p.title,
        "handle": lambda p: p.handle,
        "status": lambda p: p.status,
        "vendor": lambda p: p.vendor,
        "product_type": lambda p: p.product_type,
        "tag": lambda p: p.tags,
        "sku": lambda p: [variant.sku for variant in p.variants],
        "created_at": lambda p: p.created_at,
        "updated_at": lambda p: p.updated_at,
    },
    text=lambda p: f"{p.title} {p.vendor} {p.product_type}",
)

SORTS = {
    "ID": lambda p: p.id,
    "TITLE": lambda p: p.title,
    "CREATED_AT": lambda p: p.created_at,
    "UPDATED_AT": lambda p: p.updated_at,
}

VARIANT_SORTS = {
    "ID": lambda part: part.id,
    "TITLE": lambda part: part.record.title,
    "POSITION": lambda part: part.owner.variants.index(part.record),
}


def find(info: Info, page: dict[str, Any]) -> dict[str, Any]:
    who, test = caller(info), compile(page.get("query"), FIELDS)
    found = [product for product in who.state.products.of(who.shop.domain) if test(product)]
    return connect(found, who, page, SORTS[page["sortKey"]])


def one(info: Info, id: int) -> Product | None:
    product = caller(info).state.products.get(id)
    return product if product is not None and product.shop == caller(info).shop.domain else None


def one_variant(info: Info, id: int) -> Part | None:
    found = caller(info).state.variant(id)
    if found is None or found[0].shop != caller(info).shop.domain:
        return None
    return Part(found[0].variants[found[1]], found[0])


def variant_of(info: Info, product_id: int | None, variant_id: int | None) -> Part | None:
    """The variant of a line; None when the merchant has deleted it since."""
    product = caller(info).state.products.get(product_id or 0)
    found = next((v for v in product.variants if v.id == variant_id), None) if product else None
    return Part(found, product) if found else None


def product_picture(info: Info, product_id: int | None, variant_id: int | None) -> Picture | None:
    """The picture of a line: the variant's, else the product's."""
    part = variant_of(info, product_id, variant_id)
    if part is not None and part.record.picture:
        return _variant_pictures(part)[0]
    product = caller(info).state.products.get(product_id or 0)
    return featured(product) if product else None


def featured(product: Product) -> Picture | None:
    if product.picture is None:
        return None
    return Picture(product.picture_id, product.picture, product.picture_alt, product)


def _pictures(product: Product) -> list[Picture]:
    own = featured(product)
    variants = [picture for variant in product.variants for picture in _variant_pictures(Part(variant, product))]
    return ([own] if own else []) + variants


def _variant_pictures(part: Part) -> list[Picture]:
    variant: Variant = part.record
    if variant.picture is None:
        return []
    return [Picture(variant.picture_id, variant.picture, part.owner.picture_alt, part.owner)]


def _options(part: Part, info: Info) -> list[dict[str, str]]:
    return [{"name": part.owner.option_name, "value": part.record.title}]


def _metafields(product: Product, info: Info, page: dict[str, Any]) -> dict[str, Any]:
    namespace = page.get("namespace")
    found = [one for one in product.metafields if namespace in (None, one.namespace)]
    return connect(found, caller(info), page)


def _file(one: Metafield) -> File | None:
    return File(one.id, one.file) if one.file else None


COLLECTION_FIELDS = Fields(
    named={"id": lambda c: c.id, "title": lambda c: c.title, "handle": lambda c: c.handle}, text=lambda c: c.title
)
COLLECTION_SORTS = {"ID": lambda c: c.id, "TITLE": lambda c: c.title}


def _in(info: Info, found: list[Collection], page: dict[str, Any]) -> dict[str, Any]:
    test = compile(page.get("query"), COLLECTION_FIELDS)
    return connect([one for one in found if test(one)], caller(info), page, COLLECTION_SORTS[page["sortKey"]])


def find_collections(info: Info, page: dict[str, Any]) -> dict[str, Any]:
    return _in(info, caller(info).shop.collections, page)


def one_collection(info: Info, id: int) -> Collection | None:
    return next((one for one in caller(info).shop.collections if one.id == id), None)


def _holds(collection: Collection, info: Info, id: str) -> bool:
    product = one(info, parse_gid(id)[1])
    return product is not None and collection.id in product.collections


COLLECTION: dict[str, Any] = {"hasProduct": _holds}

METAFIELD: dict[str, Any] = {
    "definition": lambda p, i: {"id": f"gid://shopify/MetafieldDefinition/{p.id}", "name": p.name},
    "reference": lambda p, i: _file(p),
}

FILE: dict[str, Any] = {"url": lambda p, i: f"{caller(i).view.cdn}/{p.path}"}

PRODUCT: dict[str, Any] = {
    "collections": lambda p, i, **page: _in(i, [c for c in caller(i).shop.collections if c.id in p.collections], page),
    "descriptionHtml": lambda p, i: p.description,
    "description": lambda p, i, **_: p.description,
    "featuredMedia": lambda p, i: featured(p),
    "hasOnlyDefaultVariant": lambda p, i: [v.title for v in p.variants] == ["Default Title"],
    "isGiftCard": lambda p, i: p.gift_card,
    "metafields": lambda p, i, **page: _metafields(p, i, page),
    "media": lambda p, i, **page: connect(_pictures(p), caller(i), page),
    "onlineStoreUrl": lambda p, i: f"{caller(i).view.storefront}/products/{p.handle}",
    "publishedAt": lambda p, i: p.created_at if p.status == "active" else None,
    "status": lambda p, i: p.status.upper(),
    "totalInventory": lambda p, i: sum(variant.inventory_quantity for variant in p.variants),
    "variants": lambda p, i, **page: connect(
        [Part(variant, p) for variant in p.variants], caller(i), page, VARIANT_SORTS[page["sortKey"]]
    ),
    "variantsCount": lambda p, i: {"count": len(p.variants), "precision": "EXACT"},
}

VARIANT: dict[str, Any] = {
    "availableForSale": lambda p, i: p.record.inventory_quantity > 0,
    "barcode": lambda p, i: None,
    "createdAt": lambda p, i: p.owner.created_at,
    "updatedAt": lambda p, i: p.owner.updated_at,
    "displayName": lambda p, i: f"{p.owner.title} - {p.record.title}",
    "media": lambda p, i, **page: connect(_variant_pictures(p), caller(i), page),
    "position": lambda p, i: p.owner.variants.index(p.record) + 1,
    "product": lambda p, i: p.owner,
    "selectedOptions": _options,
    "sellableOnlineQuantity": lambda p, i: max(p.record.inventory_quantity, 0),
    "taxable": lambda p, i: True,
}

MEDIA: dict[str, Any] = {
    "image": lambda picture, i: picture,
    "preview": lambda picture, i: picture,
    "mediaContentType": lambda picture, i: "IMAGE",
    "status": lambda picture, i: "READY",
    "createdAt": lambda picture, i: picture.owner.created_at,
    "updatedAt": lambda picture, i: picture.owner.updated_at,
}

PREVIEW: dict[str, Any] = {"image": lambda picture, i: picture, "status": lambda picture, i: "READY"}

IMAGE: dict[str, Any] = {
    "altText": lambda picture, i: picture.alt,
    "url": lambda picture, i, **_: f"{caller(i).view.cdn}/{picture.path}",
    "width": lambda picture, i: 800,
    "height": lambda picture, i: 800,
}
