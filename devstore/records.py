"""What a shop is made of. Plain records with Shopify's own field names; every id is global, as in Shopify.

Money is a decimal string in the shop's currency ("89.90", "1200", "4.500"). Times are aware UTC datetimes.
"""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(kw_only=True)
class Address:
    """A postal address, of a shop, a buyer or an order."""

    first_name: str = ""
    last_name: str = ""
    company: str | None = None
    address1: str = ""
    address2: str | None = None
    city: str = ""
    province: str | None = None
    province_code: str | None = None
    country: str = ""
    country_code: str = ""
    zip: str = ""
    phone: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(kw_only=True)
class Staff:
    """The one staff user of a shop; `id` is the `sub` of its ID tokens."""

    id: int
    first_name: str = "Sam"
    last_name: str = "Owner"
    email: str = "owner@example.com"
    locale: str = "en"


@dataclass(kw_only=True)
class Collection:
    """Products that the merchant put together; they name it, it does not name them."""

    id: int
    title: str
    handle: str
    updated_at: datetime


@dataclass(kw_only=True)
class Shop:
    """A store. `domain` is its myshopify.com domain and the key of everything it owns.

    `standing` is "open", or what Shopify answers to the API instead: "frozen" (402), "forbidden" (403),
    "closed" (404), "locked" (423). `expose_customers` False means the app was not approved for protected
    customer data: the `sub` of extension tokens is missing.
    """

    id: int
    domain: str
    name: str
    email: str
    staff: Staff
    address: Address
    created_at: datetime
    updated_at: datetime
    currency: str = "EUR"
    iana_timezone: str = "Europe/Berlin"
    primary_locale: str = "en"
    plan: str = "basic"
    tax_rate: str = "0.20"
    taxes_included: bool = True
    presentment_currencies: list[str] = field(default_factory=list)
    next_order_number: int = 1001
    order_prefix: str = "#"
    order_suffix: str = ""
    standing: str = "open"
    expose_customers: bool = True
    location_id: int = 0
    collections: list[Collection] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)
    """Standard definitions of metafields that are enabled, as in "reviews.rating"."""

    @property
    def handle(self) -> str:
        """The word in admin addresses: "lumen-goods" of "lumen-goods.myshopify.com"."""
        return self.domain.removesuffix(".myshopify.com")


@dataclass(kw_only=True)
class Consent:
    """Marketing consent. `state`: subscribed, unsubscribed, not_subscribed, pending, redacted."""

    state: str = "not_subscribed"
    opt_in_level: str | None = None
    consent_updated_at: datetime | None = None


@dataclass(kw_only=True)
class Customer:
    id: int
    shop: str
    created_at: datetime
    updated_at: datetime
    email: str | None = None
    phone: str | None = None
    first_name: str = ""
    last_name: str = ""
    locale: str = "en"
    note: str | None = None
    tags: list[str] = field(default_factory=list)
    address: Address | None = None
    address_id: int = 0
    email_consent: Consent = field(default_factory=Consent)
    sms_consent: Consent = field(default_factory=Consent)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(kw_only=True)
class Variant:
    """`picture` is a path below the store's /cdn/ or None for the product's own picture. `price` in shop money."""

    id: int
    title: str
    price: str
    sku: str | None = None
    compare_at_price: str | None = None
    picture: str | None = None
    picture_id: int = 0
    grams: int = 0
    requires_shipping: bool = True
    inventory_quantity: int = 100


@dataclass(kw_only=True)
class Metafield:
    """A field that the merchant added to a product. `file`: a path below the store's /cdn/ that it refers to, or None.
    `name`: of its definition.
    """

    id: int
    namespace: str
    key: str
    type: str
    value: str
    name: str
    file: str | None = None


@dataclass(kw_only=True)
class Product:
    """`picture` is a path below the store's /cdn/, e.g. "pictures/lamp.svg"; None for a product without one."""

    id: int
    shop: str
    title: str
    handle: str
    created_at: datetime
    updated_at: datetime
    variants: list[Variant] = field(default_factory=list)
    description: str = ""
    vendor: str = ""
    product_type: str = ""
    picture: str | None = None
    picture_alt: str | None = None
    picture_id: int = 0
    option_name: str = "Title"
    option_id: int = 0
    tags: list[str] = field(default_factory=list)
    collections: list[int] = field(default_factory=list)
    status: str = "active"
    gift_card: bool = False
    metafields: list[Metafield] = field(default_factory=list)


@dataclass(kw_only=True)
class Line:
    """One line of an order or checkout. `price` is for one piece in shop money; `discount` for the whole line.

    `unfulfilled` pieces have not been shipped, `removed` pieces were refunded or taken off. `duty`: what the border
    took for the whole line, in shop money, beside the price.
    """

    id: int
    product_id: int | None
    variant_id: int | None
    title: str
    variant_title: str | None
    quantity: int
    price: str
    sku: str | None = None
    vendor: str | None = None
    discount: str = "0"
    grams: int = 0
    requires_shipping: bool = True
    gift_card: bool = False
    unfulfilled: int = 0
    removed: int = 0
    duty: str = "0"
    duty_id: int = 0
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.title} - {self.variant_title}" if self.variant_title else self.title


@dataclass(kw_only=True)
class ShippingLine:
    id: int
    title: str
    price: str
    code: str = "standard"
    refunded: str = "0"


@dataclass(kw_only=True)
class Discount:
    """A code the buyer typed. `value` is an amount in shop money, or percent where type is "percentage"."""

    code: str
    type: str
    value: str
    amount: str


@dataclass(kw_only=True)
class Checkout:
    """A cart whose buyer has typed an e-mail or phone. Abandoned while `completed_at` is None.

    `gateway`: where a payment was tried. `email_state` of Shopify's reminder: not_sent, scheduled, sent, suppressed.
    """

    id: int
    shop: str
    token: str
    cart_token: str
    created_at: datetime
    updated_at: datetime
    presentment_currency: str
    exchange_rate: str = "1"
    lines: list[Line] = field(default_factory=list)
    email: str | None = None
    phone: str | None = None
    customer_id: int | None = None
    customer_locale: str = "en"
    buyer_accepts_marketing: bool = False
    shipping_address: Address | None = None
    billing_address: Address | None = None
    shipping_lines: list[ShippingLine] = field(default_factory=list)
    discounts: list[Discount] = field(default_factory=list)
    completed_at: datetime | None = None
    closed_at: datetime | None = None
    order_id: int | None = None
    gateway: str | None = None
    source_name: str = "web"
    email_state: str = "not_sent"


@dataclass(kw_only=True)
class DiscountCode:
    """A code that takes some per cent off an order. `uses`: orders that had it."""

    id: int
    shop: str
    title: str
    code: str
    percent: str
    starts_at: datetime
    ends_at: datetime | None = None
    usage_limit: int | None = None
    once_per_customer: bool = False
    uses: int = 0


@dataclass(kw_only=True)
class FulfillmentEvent:
    """One carrier scan. `status` in lower case: confirmed, in_transit, out_for_delivery, delivered, failure, …"""

    id: int
    status: str
    happened_at: datetime
    created_at: datetime
    updated_at: datetime
    message: str | None = None
    address1: str | None = None
    city: str | None = None
    province: str | None = None
    country: str | None = None
    zip: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    estimated_delivery_at: datetime | None = None


@dataclass(kw_only=True)
class Note:
    """A line of an order's timeline that another app wrote. `app`: its title."""

    id: int
    app: str
    created_at: datetime


@dataclass(kw_only=True)
class FulfillmentLine:
    id: int
    line_id: int
    quantity: int


@dataclass(kw_only=True)
class Tracking:
    company: str | None = None
    number: str | None = None
    url: str | None = None


@dataclass(kw_only=True)
class Fulfillment:
    """A parcel. `status`: success, cancelled, error, failure."""

    id: int
    order_id: int
    name: str
    created_at: datetime
    updated_at: datetime
    status: str = "success"
    lines: list[FulfillmentLine] = field(default_factory=list)
    tracking: list[Tracking] = field(default_factory=list)
    events: list[FulfillmentEvent] = field(default_factory=list)


@dataclass(kw_only=True)
class RefundLine:
    """`subtotal` and `total_tax` are in shop money, for all pieces; `presented` and `presented_tax` in what the buyer
    paid with, None where they follow from the rate.
    """

    id: int
    line_id: int
    quantity: int
    subtotal: str
    total_tax: str
    restock_type: str = "no_restock"
    presented: str | None = None
    presented_tax: str | None = None


@dataclass(kw_only=True)
class Refund:
    """`amount` is the money sent back in shop money, "0" when nothing moved; `presented` the same in what the buyer
    paid with, None where it follows from the rate. `credit` of it, in the same money, became store credit.
    """

    id: int
    order_id: int
    created_at: datetime
    amount: str
    transaction_id: int
    note: str | None = None
    restock: bool = False
    lines: list[RefundLine] = field(default_factory=list)
    shipping: str = "0"
    return_id: int | None = None
    presented: str | None = None
    credit: str = "0"
    credit_id: int = 0
    duties: dict[str, str] = field(default_factory=dict)
    """Duty id: amount in what the buyer paid with."""


@dataclass(kw_only=True)
class Disposition:
    """What became of pieces that came back. `type`: RESTOCKED, NOT_RESTOCKED, PROCESSING_REQUIRED, MISSING."""

    id: int
    type: str
    quantity: int
    created_at: datetime
    location_id: int | None = None


@dataclass(kw_only=True)
class ReverseLine:
    """Pieces that the warehouse expects; as many as the return's line of `return_line_id`."""

    id: int
    return_line_id: int
    quantity: int
    dispositions: list[Disposition] = field(default_factory=list)


@dataclass(kw_only=True)
class ReverseDeliveryLine:
    id: int
    reverse_line_id: int
    quantity: int


@dataclass(kw_only=True)
class ReverseDelivery:
    """A parcel on its way back. `label` is the address of its label. Shopify's API does not tell its `scans`; they are
    what the carrier's page would show, a word each as with parcels.
    """

    id: int
    created_at: datetime
    updated_at: datetime
    lines: list[ReverseDeliveryLine] = field(default_factory=list)
    tracking: Tracking | None = None
    label: str | None = None
    label_made_at: datetime | None = None
    label_changed_at: datetime | None = None
    scans: list[FulfillmentEvent] = field(default_factory=list)


@dataclass(kw_only=True)
class ReverseOrder:
    """What the warehouse is to take in of one return. `status`: OPEN, CLOSED, CANCELED."""

    id: int
    created_at: datetime
    status: str = "OPEN"
    lines: list[ReverseLine] = field(default_factory=list)
    deliveries: list[ReverseDelivery] = field(default_factory=list)


@dataclass(kw_only=True)
class ExchangeLine:
    """What the buyer gets instead. `price` for one piece in shop money when the return was made; `discount` for all.

    `line_ids`: the order's lines that came of it, one for each time a part was processed.
    """

    id: int
    variant_id: int
    quantity: int
    price: str
    discount: str = "0"
    processed: int = 0
    removed: int = 0
    product_id: int = 0
    title: str = ""
    variant_title: str | None = None
    sku: str | None = None
    line_ids: list[int] = field(default_factory=list)


@dataclass(kw_only=True)
class ReturnLine:
    """`reason`: the old enum's word, as webhooks say it; `definition`: the handle of the library's, None with old ones.

    `restocking` is percent, None without a fee. `processed` pieces are done, `refunded` of them with money.
    """

    id: int
    fulfillment_line_id: int
    line_id: int
    quantity: int
    reason: str = "UNKNOWN"
    definition: str | None = None
    reason_note: str = ""
    customer_note: str | None = None
    restocking: float | None = None
    fee_id: int = 0
    processed: int = 0
    refunded: int = 0


@dataclass(kw_only=True)
class Return:
    """`status`: REQUESTED, OPEN, CLOSED, DECLINED, CANCELED. `shipping_fee` is in what the buyer paid with."""

    id: int
    order_id: int
    name: str
    status: str
    created_at: datetime
    lines: list[ReturnLine] = field(default_factory=list)
    exchange_lines: list[ExchangeLine] = field(default_factory=list)
    reverse_orders: list[ReverseOrder] = field(default_factory=list)
    shipping_fee: str | None = None
    shipping_fee_id: int = 0
    is_fee_taken: bool = False
    request_approved_at: datetime | None = None
    closed_at: datetime | None = None
    decline_reason: str | None = None
    decline_note: str | None = None


@dataclass(kw_only=True)
class Order:
    """`exchange_rate` is presentment money for one unit of shop money. `paid` and `refunded` are in shop money.

    `packing`: a fulfilment service has it in hand. `fees`: what returns cost the buyer, in shop money.
    """

    id: int
    shop: str
    name: str
    number: int
    token: str
    key: str
    created_at: datetime
    processed_at: datetime
    updated_at: datetime
    presentment_currency: str
    transaction_id: int
    confirmation_number: str
    exchange_rate: str = "1"
    lines: list[Line] = field(default_factory=list)
    shipping_lines: list[ShippingLine] = field(default_factory=list)
    discounts: list[Discount] = field(default_factory=list)
    tax_rate: str = "0.20"
    taxes_included: bool = True
    email: str | None = None
    phone: str | None = None
    customer_id: int | None = None
    customer_locale: str | None = "en"
    buyer_accepts_marketing: bool = False
    shipping_address: Address | None = None
    billing_address: Address | None = None
    gateway: str = "bogus"
    paid: str = "0"
    refunded: str = "0"
    fees: str = "0"
    packing: bool = False
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    closed_at: datetime | None = None
    test: bool = False
    note: str | None = None
    tags: list[str] = field(default_factory=list)
    source_name: str = "web"
    cart_token: str | None = None
    checkout_id: int | None = None
    checkout_token: str | None = None
    fulfillments: list[Fulfillment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def line(self, id: int) -> Line:
        """The line with this id; LookupError when the order has none."""
        return next(line for line in self.lines if line.id == id)


@dataclass(kw_only=True)
class Token:
    """An access token. `expires_at` None never expires; `online_user` is the staff user of an online token.

    `refresh` is None for online and non-expiring ones. `replaced_by` is the access token of the pair that came for
    this refresh token; while that pair is unused the refresh token may be repeated. A retired one is refused.
    `minted_with` is the fingerprint of the client secret; the token dies when that secret is revoked.
    """

    access: str
    scopes: list[str]
    minted_with: str
    expires_at: datetime | None = None
    online_user: int | None = None
    refresh: str | None = None
    refresh_expires_at: datetime | None = None
    first_refreshed_at: datetime | None = None
    replaced_by: str | None = None
    retired: bool = False
    used: bool = False


@dataclass(kw_only=True)
class Install:
    """The app in one shop. Gone when uninstalled; a reinstall makes a new one."""

    id: int
    shop: str
    scopes: list[str]
    installed_at: datetime
    tokens: list[Token] = field(default_factory=list)
    subscriptions: int = 0
    """Webhooks that were ordered through the API for this shop alone, beside those of the app's file."""
    plan: str | None = None
    """Chosen on the page of plans; None: none."""
    plan_since: datetime | None = None


@dataclass(kw_only=True)
class Job:
    """Something that Shopify does by itself after it has answered. Not kept when the store stops."""

    id: int
    shop: str
    done: bool = False


@dataclass(kw_only=True)
class BulkOperation:
    """`jsonl` is the result text, served under /bulk/{id}/{key}; None until completed or when empty."""

    id: int
    shop: str
    key: str
    query: str
    status: str
    created_at: datetime
    completed_at: datetime | None = None
    error_code: str | None = None
    jsonl: str | None = None
    object_count: int = 0
    root_object_count: int = 0
