"""fulfillments/* and fulfillment_events/*."""

from devstore import words
from devstore.payloads import people
from devstore.payloads.lines import bare_line, line
from devstore.payloads.view import Body, View
from devstore.records import Fulfillment, FulfillmentEvent, Order
from devstore.words import gid


def fulfillment(view: View, parcel: Fulfillment) -> Body:
    """The webhook's body: besides the parcel whom it goes to."""
    order = view.state.orders[parcel.order_id]
    packed = [bare_line(view, order, order.line(p.line_id), p.quantity) for p in parcel.lines]
    destination = people.address(order.shipping_address)
    return _parcel(view, parcel) | {"line_items": packed, "email": order.email, "destination": destination}


def in_order(view: View, order: Order, parcel: Fulfillment) -> Body:
    packed = [line(view, order, order.line(p.line_id), p.quantity) for p in parcel.lines]
    return _parcel(view, parcel) | {"line_items": packed}


def event(view: View, parcel: Fulfillment, event: FulfillmentEvent) -> Body:
    return {
        "id": event.id,
        "fulfillment_id": parcel.id,
        "status": event.status,
        "message": event.message,
        "happened_at": view.time(event.happened_at),
        "city": event.city,
        "province": event.province,
        "country": event.country,
        "zip": event.zip,
        "address1": event.address1,
        "latitude": event.latitude,
        "longitude": event.longitude,
        "shop_id": view.shop.id,
        "created_at": view.time(event.created_at),
        "updated_at": view.time(event.updated_at),
        "estimated_delivery_at": view.time(event.estimated_delivery_at),
        "order_id": parcel.order_id,
        "admin_graphql_api_id": gid("FulfillmentEvent", event.id),
    }


def _parcel(view: View, parcel: Fulfillment) -> Body:
    numbers = [t.number for t in parcel.tracking if t.number]
    urls = [t.url for t in parcel.tracking if t.url]
    return {
        "id": parcel.id,
        "order_id": parcel.order_id,
        "status": parcel.status,
        "created_at": view.time(parcel.created_at),
        "service": "manual",
        "updated_at": view.time(parcel.updated_at),
        "tracking_company": parcel.tracking[0].company if parcel.tracking else None,
        "shipment_status": words.shipment_status(parcel),
        "location_id": view.shop.location_id,
        "origin_address": {},
        "tracking_number": numbers[0] if numbers else None,
        "tracking_numbers": numbers,
        "tracking_url": urls[0] if urls else None,
        "tracking_urls": urls,
        "receipt": {},
        "name": parcel.name,
        "admin_graphql_api_id": gid("Fulfillment", parcel.id),
    }
