"""Shops and their products."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from devstore.money import text
from devstore.records import Address, Collection, Metafield, Product, Shop, Staff, Variant
from devstore.state import State


def add_shop(
    state: State,
    domain: str,
    name: str,
    *,
    email: str,
    address: Address,
    currency: str = "EUR",
    iana_timezone: str = "Europe/Berlin",
    primary_locale: str = "en",
    plan: str = "basic",
    tax_rate: str = "0.20",
    taxes_included: bool = True,
    presentment_currencies: Sequence[str] = (),
    at: datetime | None = None,
) -> Shop:
    """domain: the myshopify.com domain. presentment_currencies: what buyers may also pay in."""
    with state.changing(at) as change:
        shop = Shop(
            id=state.new_id(),
            domain=domain,
            name=name,
            email=email,
            staff=Staff(id=state.new_id(), email=email, locale=primary_locale),
            address=address,
            created_at=change.at,
            updated_at=change.at,
            currency=currency,
            iana_timezone=iana_timezone,
            primary_locale=primary_locale,
            plan=plan,
            tax_rate=tax_rate,
            taxes_included=taxes_included,
            presentment_currencies=[currency, *presentment_currencies],
            location_id=state.new_id(),
        )
        change.touch(shop)
        return shop


def update_shop(state: State, shop: Shop, **fields: Any) -> Shop:
    """Change any fields of the shop: plan, currency, standing, iana_timezone …"""
    with state.changing() as change:
        set_fields(shop, fields)
        shop.updated_at = change.at
        change.touch(shop)
        change.tell(shop.domain, "shop/update", shop)
        return shop


def add_collection(state: State, shop: Shop, title: str, *, at: datetime | None = None) -> Collection:
    """An empty one; products name the collections they are in."""
    with state.changing(at) as change:
        made = Collection(id=state.new_id(), title=title, handle=_handle(title), updated_at=change.at)
        shop.collections.append(made)
        change.touch(shop)
        return made


def add_product(
    state: State,
    shop: str,
    title: str,
    variants: Sequence[dict[str, Any]],
    *,
    picture: str | None = None,
    picture_alt: str | None = None,
    description: str = "",
    vendor: str = "",
    product_type: str = "",
    option_name: str = "Title",
    tags: Sequence[str] = (),
    collections: Sequence[int] = (),
    gift_card: bool = False,
    metafields: Sequence[dict[str, Any]] = (),
    at: datetime | None = None,
) -> Product:
    """variants: dicts with `title` and `price`, and whatever else Variant has; so are metafields. picture: a path below
    /cdn/.
    """
    with state.changing(at) as change:
        product = Product(
            id=state.new_id(),
            shop=shop,
            title=title,
            handle=_handle(title),
            created_at=change.at,
            updated_at=change.at,
            variants=[_variant(state, shop, given) for given in variants],
            description=description,
            vendor=vendor,
            product_type=product_type,
            picture=picture,
            picture_alt=picture_alt,
            picture_id=state.new_id(),
            option_name=option_name,
            option_id=state.new_id(),
            tags=list(tags),
            collections=list(collections),
            gift_card=gift_card,
            metafields=[Metafield(id=state.new_id(), **given) for given in metafields],
        )
        change.touch(product)
        change.tell(shop, "products/create", product)
        return product


def update_product(state: State, product: Product, **fields: Any) -> Product:
    with state.changing() as change:
        set_fields(product, fields)
        product.updated_at = change.at
        change.touch(product)
        change.tell(product.shop, "products/update", product)
        return product


def delete_product(state: State, product: Product) -> None:
    with state.changing() as change:
        change.drop(product)
        change.tell(product.shop, "products/delete", {"id": product.id})


def set_metafield(state: State, product: Product, namespace: str, key: str, type: str, value: str) -> Metafield:
    """In place of what stood there."""
    with state.changing() as change:
        found = next((one for one in product.metafields if (one.namespace, one.key) == (namespace, key)), None)
        if found is None:
            found = Metafield(id=state.new_id(), namespace=namespace, key=key, type=type, value=value, name=key)
            product.metafields.append(found)
        found.type, found.value = type, value
        change.touch(product)
        return found


def drop_metafield(state: State, product: Product, namespace: str, key: str) -> bool:
    """False where there is none."""
    with state.changing() as change:
        found = next((one for one in product.metafields if (one.namespace, one.key) == (namespace, key)), None)
        if found is not None:
            product.metafields.remove(found)
            change.touch(product)
        return found is not None


def define(state: State, shop: str, name: str) -> int:
    """A standard definition is enabled; its number."""
    with state.changing() as change:
        state.shops[shop].definitions.append(name)
        change.touch(state.shops[shop])
        return state.new_id()


def set_fields(record: object, fields: dict[str, Any]) -> None:
    """Set known fields only; AttributeError for a word the record does not have."""
    for name, value in fields.items():
        getattr(record, name)
        setattr(record, name, value)


def _variant(state: State, shop: str, given: dict[str, Any]) -> Variant:
    price = text(given["price"], state.shops[shop].currency)
    return Variant(**{**given, "id": state.new_id(), "picture_id": state.new_id(), "price": price})


def _handle(title: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in title.casefold()).split()
    return "-".join(words)
