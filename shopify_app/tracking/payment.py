"""How an order was paid, by the name that its buyer knows."""

from collections.abc import Mapping

from shopify_app.language import Language, words

NAMES: Mapping[str, str] = {
    "shopify_payments": words("Card or wallet"),
    "manual": words("Agreed with the shop"),
    "bank_deposit": words("Bank transfer"),
    "bank_transfer": words("Bank transfer"),
    "money_order": words("Money order"),
    "cash_on_delivery": words("Cash on delivery"),
    "gift_card": words("Gift card"),
    "shopify_store_credit": words("Store credit"),
    "invoice": words("Invoice"),
}
"""Gateways of Shopify that buyers know by other words."""
BRANDS: Mapping[str, str] = {
    "paypal": "PayPal",
    "shop_pay": "Shop Pay",
    "shop_pay_installments": "Shop Pay Installments",
    "apple_pay": "Apple Pay",
    "google_pay": "Google Pay",
    "amazon_payments": "Amazon Pay",
    "klarna": "Klarna",
    "ideal": "iDEAL | Wero",
    "bancontact": "Bancontact",
    "eps": "eps-Überweisung",
    "blik": "BLIK",
    "mobilepay": "MobilePay",
    "swish": "Swish",
    "twint": "TWINT",
    "alipay": "Alipay 支付宝",
    "wechat_pay": "WeChat Pay 微信支付",
    "unionpay": "UnionPay 银联",
    "konbini": "コンビニ (Konbini)",
    "paypay": "PayPay",
    "pix": "Pix",
    "oxxo": "OXXO",
}
"""Methods that have a name of their own, as it is written where they come from."""


def named(gateway: str, language: Language) -> str:
    """A gateway in Shopify's words, such as "shopify_payments" or "Cash on Delivery (COD)"."""
    key = gateway.partition("(")[0].strip().lower().replace(" ", "_").replace("-", "_")
    if key in NAMES:
        return language.t(NAMES[key])
    known = next((name for brand, name in BRANDS.items() if key == brand or key.startswith(f"{brand}_")), None)
    return known or gateway.replace("_", " ").strip()
