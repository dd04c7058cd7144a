"""A karrio server that sells labels: real HTTP, and what may go wrong there beside what goes wrong with parcels."""

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.buyers import Configure
from tests.tracking.karrio import KEY, Handler, Karrio, asked

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
RATES = [("dhl_parcel_de_paket", "dhl_parcel_de", 6.19), ("ups_standard", "ups", 5.40), ("dpd_classic", "dpd", 7.00)]
Shipment = dict[str, Any]


class Carriers(Karrio):
    """Keeps shipments; each can be bought once."""

    def __init__(self) -> None:
        super().__init__()
        self.RequestHandlerClass = Counter
        self.shipments: dict[str, Shipment] = {}
        self.sells = RATES
        self.label = b64encode(PDF).decode()
        self.refusal: tuple[str, int, dict[str, Any]] | None = None
        """The last word of the path of a POST, and what is answered to it."""
        self.forgets_to_answer: str | None = None
        """The last word of the path whose answer is lost, once."""

    @property
    def bought(self) -> list[Shipment]:
        return [one for one in self.shipments.values() if one["tracking_number"] and one["status"] != "cancelled"]

    def create(self, wanted: Shipment) -> Shipment:
        number = f"shp_{len(self.shipments):032x}"
        rates = [
            {"id": f"rat_{index}", "service": service, "carrier_name": carrier, "total_charge": price}
            for index, (service, carrier, price) in enumerate(self.sells)
            if not wanted["services"] or service in wanted["services"]
        ]
        missing = [] if rates else [{"code": "rates", "message": "No service goes there.", "carrier_name": "dhl"}]
        self.shipments[number] = wanted | {
            "id": number, "status": "draft", "tracking_number": None, "rates": rates, "messages": missing
        }  # fmt: skip
        return self.shipments[number]

    def purchase(self, shipment: Shipment, wanted: dict[str, Any]) -> Shipment:
        rate = next(one for one in shipment["rates"] if one["id"] == wanted["selected_rate_id"])
        number = f"00340434{int(shipment['id'][4:], 16):012d}"
        page = f"https://parcels.example/{number}"
        shipment |= {"status": "created", "tracking_number": number, "tracking_url": page, "selected_rate": rate}
        shipment["carrier_name"] = rate["carrier_name"]
        return shipment


class Counter(Handler):
    server: Carriers

    def do_GET(self) -> None:  # noqa: N802
        self._serve({})

    def do_POST(self) -> None:  # noqa: N802
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._serve(json.loads(body or b"{}"))

    def _serve(self, content: dict[str, Any]) -> None:
        desk, parts = self.server, urlsplit(self.path)
        word = parts.path.rpartition("/")[2]
        desk.asked.append(content | {"path": parts.path})
        desk.meanwhile()
        if self.headers["Authorization"] != f"Token {KEY}":
            self._say(401, b"{}")
        elif desk.fault in ("silent", "trickle", "huge", "hang up"):
            getattr(self, f"_{desk.fault.replace(' ', '_')}")()
        elif desk.fault:
            self._say(int(desk.fault), b"<html>no</html>")
        elif self.command == "POST" and desk.refusal and desk.refusal[0] == word:
            self._say(desk.refusal[1], json.dumps(desk.refusal[2]).encode())
        else:
            answer = self._answer(parts.path, parse_qs(parts.query), content)
            if desk.forgets_to_answer == word:
                desk.forgets_to_answer = None
                self.connection.close()
            else:
                self._say(200, json.dumps(answer).encode())

    def _answer(self, path: str, query: dict[str, list[str]], content: dict[str, Any]) -> dict[str, Any]:
        desk = self.server
        if path == "/v1/proxy/tracking":
            return {"messages": [], "tracking": desk.parcels.get(content["tracking_number"])}
        if path == "/v1/shipments":
            if self.command == "POST":
                return desk.create(content)
            wanted = query["reference"][0].lower()
            return {"results": [one for one in desk.shipments.values() if wanted in one["reference"].lower()]}
        number, _, deed = path.removeprefix("/v1/shipments/").partition("/")
        shipment = desk.shipments[number]
        if not deed:
            return shipment
        if deed == "purchase":
            return desk.purchase(shipment, content)
        if deed == "cancel":
            shipment["status"] = "cancelled"
            return shipment
        assert deed == "documents/label"
        return {"category": "label", "format": "PDF", "base64": desk.label}


@pytest.fixture
def carriers(configure: Configure) -> Iterator[Carriers]:
    """Who sells labels to the app."""
    with asked(Carriers(), configure) as server:
        yield server
