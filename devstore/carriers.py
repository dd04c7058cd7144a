"""The carriers: how their tracking numbers are formed, where they are followed, and what a scan says."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Carrier:
    """`url` takes the number at {}. `language` is the one its scans speak."""

    name: str
    url: str
    language: str
    number: Callable[[Random], str]


def _digits(chance: Random, count: int) -> str:
    return "".join(str(chance.randrange(10)) for _ in range(count))


def _upu(service: str, country: str) -> Callable[[Random], str]:
    """The Universal Postal Union's S10: two letters, eight digits, a check digit, the country."""

    def number(chance: Random) -> str:
        serial = _digits(chance, 8)
        total = sum(int(digit) * weight for digit, weight in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
        check = {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
        return f"{service}{serial}{check}{country}"

    return number


def _dhl(chance: Random) -> str:
    """A serial shipping container code: 00, eighteen digits, the last one a GS1 check digit."""
    body = "340434" + _digits(chance, 11)
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body))
    return f"00{body}{-total % 10}"


def _dhl_express(chance: Random) -> str:
    body = _digits(chance, 9)
    return f"{body}{int(body) % 7}"


def _ups(chance: Random) -> str:
    """1Z, the sender, the service, the parcel and a check digit; letters count as in (ord - 63) mod 10."""
    body = "R4F71868" + _digits(chance, 7)
    values = [int(sign) if sign.isdigit() else (ord(sign) - 63) % 10 for sign in body]
    total = sum(value * (2 if place % 2 else 1) for place, value in enumerate(values))
    return f"1Z{body}{-total % 10}"


def _gls(chance: Random) -> str:
    body = _digits(chance, 11)
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body)) + 1
    return f"{body}{-total % 10}"


CARRIERS = {
    carrier.name: carrier
    for carrier in (
        Carrier(
            "La Poste Colissimo", "https://www.laposte.fr/outils/suivre-vos-envois?code={}", "fr", _upu("CB", "FR")
        ),
        Carrier("DHL", "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={}", "de", _dhl),
        Carrier("DHL Express", "https://www.dhl.com/en/express/tracking.html?AWB={}", "en", _dhl_express),
        Carrier("UPS", "https://www.ups.com/track?tracknum={}", "en", _ups),
        Carrier(
            "Correos",
            "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={}",
            "es",
            _upu("CD", "ES"),
        ),
        Carrier("GLS", "https://gls-group.com/track/{}", "en", _gls),
    )
}

SAYS = {
    "en": {
        "label_printed": "Shipping label created",
        "confirmed": "Shipment information received",
        "carrier_picked_up": "Picked up by the carrier",
        "in_transit": "Processed at the sorting centre",
        "delayed": "A delay has occurred, we are working on it",
        "out_for_delivery": "Out for delivery",
        "attempted_delivery": "Nobody was there to take the parcel",
        "ready_for_pickup": "Waiting at the pick-up point",
        "delivered": "Delivered",
        "failure": "Could not be delivered, returned to the sender",
    },
    "fr": {
        "label_printed": "Étiquette d'expédition créée",
        "confirmed": "Informations d'expédition reçues",
        "carrier_picked_up": "Votre colis est pris en charge",
        "in_transit": "Votre colis est passé par le centre de tri",
        "delayed": "Votre colis a pris du retard",
        "out_for_delivery": "Votre colis est en cours de livraison",
        "attempted_delivery": "Destinataire absent, avis de passage déposé",
        "ready_for_pickup": "Votre colis vous attend au point de retrait",
        "delivered": "Votre colis est livré",
        "failure": "Votre colis est retourné à l'expéditeur",
    },
    "de": {
        "label_printed": "Versandetikett erstellt",
        "confirmed": "Sendung elektronisch angekündigt",
        "carrier_picked_up": "Die Sendung wurde abgeholt",
        "in_transit": "Die Sendung wurde im Paketzentrum bearbeitet",
        "delayed": "Die Zustellung verzögert sich",
        "out_for_delivery": "Die Sendung ist im Zustellfahrzeug",
        "attempted_delivery": "Empfänger nicht angetroffen",
        "ready_for_pickup": "Die Sendung liegt zur Abholung bereit",
        "delivered": "Die Sendung wurde zugestellt",
        "failure": "Die Sendung geht an den Absender zurück",
    },
    "es": {
        "label_printed": "Etiqueta de envío creada",
        "confirmed": "Prerregistrado",
        "carrier_picked_up": "Admitido por Correos",
        "in_transit": "Clasificado en el centro logístico",
        "delayed": "El envío lleva retraso",
        "out_for_delivery": "En reparto",
        "attempted_delivery": "Intento de entrega, destinatario ausente",
        "ready_for_pickup": "Disponible para recoger en la oficina",
        "delivered": "Entregado",
        "failure": "Devuelto al remitente",
    },
}


def tracking(name: str, chance: Random) -> dict[str, str]:
    """A fresh parcel of this carrier: company, number, url, as `deeds.fulfil` takes them. KeyError for others."""
    carrier = CARRIERS[name]
    number = carrier.number(chance)
    return {"company": carrier.name, "number": number, "url": carrier.url.format(number)}


def says(company: str | None, status: str) -> str | None:
    """The sentence of a scan in the carrier's language; English for a carrier nobody knows."""
    carrier = CARRIERS.get(company or "")
    return SAYS[carrier.language if carrier else "en"].get(status)


MARKS = (("1Z", "UPS"), ("0034", "DHL"))
ENDS = (("FR", "La Poste Colissimo"), ("ES", "Correos"))


def carrier_of(number: str | None, url: str | None) -> str | None:
    """Whose number or address this is, as Shopify finds out; None when nobody knows."""
    host = urlsplit(url or "").hostname
    for carrier in CARRIERS.values():
        if host and host == urlsplit(carrier.url).hostname:
            return carrier.name
    given = (number or "").upper()
    starts = (name for mark, name in MARKS if given.startswith(mark))
    ends = (name for mark, name in ENDS if given.endswith(mark))
    return next(starts, None) or next(ends, None)
