"""The towns that parcels pass and buyers live in, with their coordinates."""

from dataclasses import dataclass

from devstore.records import Address


@dataclass(frozen=True)
class Town:
    name: str
    zip: str
    country: str
    country_code: str
    latitude: float | None
    longitude: float | None
    province: str | None = None
    province_code: str | None = None

    def address(self, first_name: str, last_name: str, address1: str, phone: str | None = None) -> Address:
        """A postal address in this town."""
        return Address(
            first_name=first_name,
            last_name=last_name,
            address1=address1,
            city=self.name,
            zip=self.zip,
            country=self.country,
            country_code=self.country_code,
            province=self.province,
            province_code=self.province_code,
            phone=phone,
            latitude=self.latitude,
            longitude=self.longitude,
        )


TOWNS = {
    town.name: town
    for town in (
        Town("Strasbourg", "67000", "France", "FR", 48.5734, 7.7521),
        Town("Paris", "75012", "France", "FR", 48.8396, 2.3876),
        Town("Lyon", "69007", "France", "FR", 45.7340, 4.8400),
        Town("Nantes", "44000", "France", "FR", 47.2184, -1.5536),
        Town("Speyer", "67346", "Germany", "DE", 49.3173, 8.4312),
        Town("Hamburg", "20253", "Germany", "DE", 53.5753, 9.9625),
        Town("Liège", "4000", "Belgium", "BE", 50.6326, 5.5797),
        Town("Munich", "80939", "Germany", "DE", 48.2000, 11.6000),
        Town("Graz", "8010", "Austria", "AT", 47.0707, 15.4395),
        Town("Zürich", "8004", "Switzerland", "CH", 47.3769, 8.5287, "Zurich", "ZH"),
        Town("Barcelona", "08040", "Spain", "ES", 41.3500, 2.1400, "Barcelona", "B"),
        Town("Sevilla", "41003", "Spain", "ES", 37.3920, -5.9900, "Sevilla", "SE"),
        Town("Valencia", "46006", "Spain", "ES", 39.4580, -0.3750, "Valencia", "V"),
        Town("East Midlands", "DE74 2SA", "United Kingdom", "GB", 52.8311, -1.3281, "England", "ENG"),
        Town("Leeds", "LS6 2AB", "United Kingdom", "GB", 53.8200, -1.5700, "England", "ENG"),
        Town("Louisville", "40209", "United States", "US", 38.1744, -85.7360, "Kentucky", "KY"),
        Town("Portland", "97209", "United States", "US", 45.5310, -122.6840, "Oregon", "OR"),
        Town("Leipzig", "04435", "Germany", "DE", 51.4239, 12.2364),
        Town("Osaka", "530-0001", "Japan", "JP", 34.7025, 135.4959, "Ōsaka", "JP-27"),
        Town("Malmö", "211 20", "Sweden", "SE", 55.6050, 13.0038),
        Town("Bristol", "BS1 4DJ", "United Kingdom", "GB", 51.4500, -2.5900, "England", "ENG"),
    )
}

WAYS = {
    "FR": ("La Poste Colissimo", "Strasbourg", "Paris"),
    "DE": ("DHL", "Strasbourg", "Speyer"),
    "BE": ("GLS", "Strasbourg", "Liège"),
    "AT": ("GLS", "Strasbourg", "Munich"),
    "CH": ("GLS", "Strasbourg", "Zürich"),
    "ES": ("Correos", "Lyon", "Barcelona"),
    "GB": ("UPS", "Paris", "East Midlands"),
    "US": ("UPS", "Paris", "Louisville"),
    "JP": ("DHL Express", "Leipzig", "Osaka"),
    "SE": ("GLS", "Speyer", "Hamburg"),
}
"""By country of the buyer: the carrier and the two sorting centres a parcel passes."""

ELSEWHERE = ("DHL Express", "Strasbourg", "Leipzig")
ON_THE_WAY = ("label_purchased", "label_printed", "confirmed", "carrier_picked_up")


def carrier_to(address: Address) -> str:
    """Who brings parcels to this address."""
    return WAYS.get(address.country_code, ELSEWHERE)[0]


def town_of(address: Address) -> Town:
    """The buyer's own town, known or not; one we do not know has no place on the map."""
    unknown = Town(address.city, address.zip, address.country, address.country_code, None, None)
    return TOWNS.get(address.city, unknown)


def town_at(address: Address, status: str, scans: int) -> Town:
    """Where a scan is made on the way to this address. scans: how many there were before it."""
    _, first, second = WAYS.get(address.country_code, ELSEWHERE)
    if status in ON_THE_WAY or (status == "in_transit" and scans < 3):
        return TOWNS[first]
    return TOWNS[second] if status in ("in_transit", "delayed") else town_of(address)
