"""The terms for search engines: https://schema.org/MerchantReturnPolicy, as Google reads it of a whole shop."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shopify_app.money import decimal
from shopify_app.returns.models import CREDIT, EXCHANGE, REFUND
from shopify_app.returns.policy.terms import EXCHANGE_ONLY, FINAL, SHOP, Rule, Terms
from shopify_app.shopify.models import Shop

HOME = "https://schema.org/"
REFUNDS = {REFUND: "FullRefund", EXCHANGE: "ExchangeRefund", CREDIT: "StoreCreditRefund"}


def policy(shop: Shop, terms: Terms) -> Mapping[str, Any]:
    """Of the shop. Rules about countries are policies of their own; others no search engine understands."""
    own = [rule for rule in terms.rules if rule.about == "country"]
    usual = _policy(shop, terms, [shop.country] if shop.country else [], None)
    return {
        "@context": "https://schema.org",
        "@type": "OnlineStore",
        "name": shop.name or shop.domain,
        "url": shop.storefront,
        "hasMerchantReturnPolicy": [usual, *(_policy(shop, terms, rule.values, rule) for rule in own)],
    }


def _policy(shop: Shop, terms: Terms, countries: Sequence[str], rule: Rule | None) -> Mapping[str, Any]:
    outcomes = [one for one in terms.outcomes if not (rule and rule.may == EXCHANGE_ONLY and one == REFUND)]
    told: dict[str, Any] = {
        "@type": "MerchantReturnPolicy",
        "merchantReturnLink": f"{shop.storefront}{shop.proxy_path}/returns",
    }
    if countries:
        told["applicableCountry"] = list(countries)
    if not outcomes or (rule and rule.may == FINAL):
        return told | {"returnPolicyCategory": HOME + "MerchantReturnNotPermitted"}
    told |= {
        "returnPolicyCategory": HOME + "MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": terms.days if rule is None or rule.days is None else rule.days,
        "returnMethod": HOME + "ReturnByMail",
        "refundType": [HOME + REFUNDS[one] for one in outcomes],
        "itemDefectReturnFees": HOME + "FreeReturn",
    }
    told |= _fees(shop, terms, outcomes)
    if seasons := list(_seasons(terms)):
        told["returnPolicySeasonalOverride"] = seasons
    return told


def _fees(shop: Shop, terms: Terms, outcomes: Sequence[str]) -> Mapping[str, Any]:
    """Of the first outcome that is offered: search engines know only one."""
    fee = getattr(terms, outcomes[0])
    told: dict[str, Any] = {"restockingFee": float(fee.restocking)} if fee.restocking else {}
    if fee.shipping:
        amount = str(decimal(fee.shipping, shop.currency))
        money = {"@type": "MonetaryAmount", "value": amount, "currency": shop.currency}
        told |= {"returnFees": HOME + "ReturnShippingFees", "returnShippingFeesAmount": money}
    else:
        told["returnFees"] = HOME + ("FreeReturn" if terms.label == SHOP else "ReturnFeesCustomerResponsibility")
    label = "ReturnLabelDownloadAndPrint" if terms.label == SHOP else "ReturnLabelCustomerResponsibility"
    return told | {"returnLabelSource": HOME + label}


def _seasons(terms: Terms) -> Iterator[Mapping[str, Any]]:
    for one in terms.holidays:
        yield {
            "@type": "MerchantReturnPolicySeasonalOverride",
            "startDate": one.first.isoformat(),
            "endDate": one.last.isoformat(),
            "merchantReturnDays": one.until.isoformat(),
            "returnPolicyCategory": HOME + "MerchantReturnFiniteReturnWindow",
        }
