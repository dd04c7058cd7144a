"""What the two shops sell."""

import json
from dataclasses import dataclass
from typing import Any

PLENTY = 100


@dataclass(frozen=True)
class Goods:
    """A product. `subject` is its picture; `sorts` are its variants: title, price, and a colour of the picture."""

    subject: str
    title: str
    kind: str
    option: str
    sorts: tuple[tuple[str, str, str | None], ...]
    grams: int
    description: str
    vendor: str = "Lumen Goods"
    before: str | None = None
    fields: tuple[dict[str, str], ...] = ()
    """Metafields."""
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    """By their titles."""
    stock: tuple[int, ...] = ()
    """Of each variant; 100 where nothing is said."""

    def variants(self) -> list[dict[str, Any]]:
        stock = (*self.stock, *[PLENTY] * len(self.sorts))
        return [self._variant(*sort, pieces) for sort, pieces in zip(self.sorts, stock, strict=False)]

    def more(self) -> dict[str, Any]:
        return {
            "picture": f"pictures/{self.subject}.png",
            "picture_alt": self.title,
            "description": self.description,
            "vendor": self.vendor,
            "product_type": self.kind,
            "option_name": self.option,
            "gift_card": self.kind == "Gift card",
            "metafields": self.fields,
            "tags": self.tags,
        }

    def _variant(self, title: str, price: str, colour: str | None, pieces: int) -> dict[str, Any]:
        code = "".join(letter for letter in title.upper() if letter.isascii() and letter.isalnum())[:4]
        return {
            "title": title,
            "price": price,
            "compare_at_price": self.before,
            "sku": f"{self.subject.upper()[:4].strip('-')}-{code}",
            "grams": self.grams,
            "requires_shipping": self.grams > 0,
            "inventory_quantity": pieces,
            "picture": f"pictures/{self.subject}-{colour}.png" if colour else None,
        }


def _says(key: str, name: str, value: str, kind: str = "single_line_text_field") -> dict[str, str]:
    namespace, _, key = key.partition(".")
    return {"namespace": namespace, "key": key, "name": name, "type": kind, "value": value}


def _steps(*texts: str) -> str:
    """A list in Shopify's rich text."""
    items = [{"type": "list-item", "children": [{"type": "text", "value": text}]} for text in texts]
    return json.dumps({"type": "root", "children": [{"type": "list", "listType": "ordered", "children": items}]})


LUMEN = (
    Goods(
        "desk-lamp",
        "Arc Desk Lamp",
        "Lighting",
        "Colour",
        (("Sand", "89.00", "sand"), ("Charcoal", "89.00", "charcoal"), ("Sage", "95.00", "sage")),
        1400,
        "A small lamp that bends where you need it. Warm light, three steps, powder-coated steel.",
        fields=(
            _says("specs.material", "Material", "Powder-coated steel"),
            _says("specs.height", "Height", '{"value": 48.5, "unit": "cm"}', "dimension"),
            _says("specs.light", "Light", "2700 K, three steps, 450 lm"),
            _says("specs.repair", "Bulb can be changed", "true", "boolean"),
            _says(
                "custom.user_guide",
                "User guide",
                _steps(
                    "Screw the arm into the foot until it clicks.",
                    "Plug it in: the light comes on at its middle step.",
                    "Touch the top to go through the three steps; hold it to switch off.",
                ),
                "rich_text_field",
            ),
        ),
    ),
    Goods(
        "moon-lamp",
        "Moon Bedside Lamp",
        "Lighting",
        "Size",
        (("Ø 20 cm", "64.00", None), ("Ø 30 cm", "82.00", None)),
        900,
        "Mouth-blown glass on a beech foot. Dims to the glow of a full moon.",
    ),
    Goods(
        "pendant",
        "Paper Pendant Light",
        "Lighting",
        "Size",
        (("Ø 45 cm", "58.00", None), ("Ø 60 cm", "74.00", None)),
        600,
        "Pleated paper from a family workshop, folded by hand. Comes flat, opens in a minute.",
    ),
    Goods(
        "blanket",
        "Wool Throw",
        "Textiles",
        "Colour",
        (("Rust", "119.00", "rust"), ("Cream", "119.00", "cream"), ("Sage", "119.00", "sage")),
        1100,
        "Woven from the wool of highland sheep, 130 by 180 cm, with a short fringe.",
        collections=("For the living room",),
        stock=(12, 5, 0),
    ),
    Goods(
        "cushion",
        "Linen Cushion",
        "Textiles",
        "Colour",
        (("Sage", "39.00", "sage"), ("Rust", "39.00", "rust")),
        500,
        "Washed linen, 50 by 50 cm, with a filling of recycled fibre. The cover comes off for the wash.",
    ),
    Goods(
        "cup",
        "Stoneware Cup",
        "Kitchen",
        "Set",
        (("Set of 2", "34.00", None), ("Set of 4", "62.00", None)),
        800,
        "Thrown on the wheel and dipped by hand: no two are quite the same. 220 ml.",
    ),
    Goods(
        "kettle",
        "Pour-Over Kettle",
        "Kitchen",
        "Volume",
        (("0.8 l", "72.00", None),),
        1000,
        "A thin spout for a steady pour. Steel with a walnut handle, for every hob.",
        before="84.00",
        tags=("final-sale",),
        collections=("Last pieces",),
        stock=(6,),
    ),
    Goods(
        "jacket",
        "Field Jacket",
        "Clothing",
        "Size",
        (("S", "168.00", None), ("M", "168.00", None), ("L", "168.00", None), ("XL", "168.00", None)),
        1300,
        "Waxed cotton for wet days, four pockets, a collar that stands up to the wind.",
        collections=("To wear",),
        stock=(4, 0, 7, 2),
    ),
    Goods(
        "tote",
        "Canvas Tote",
        "Accessories",
        "Colour",
        (("Natural", "24.00", None),),
        300,
        "Heavy canvas, printed by hand, strong enough for a week of vegetables.",
        collections=("To wear",),
    ),
    Goods(
        "candle",
        "Beeswax Candle",
        "Accessories",
        "Scent",
        (("Fig", "19.50", None), ("Cedar", "19.50", None)),
        350,
        "Burns for forty hours. Poured in a glass you will want to keep.",
        tags=("hygiene",),
    ),
    Goods(
        "stool",
        "Oak Side Stool",
        "Furniture",
        "Wood",
        (("Oak", "145.00", None),),
        4200,
        "A seat, a bedside table, a plant stand. Oiled oak from managed forests, 45 cm high.",
        tags=("bulky",),
        collections=("For the living room",),
    ),
    Goods(
        "guide",
        "The Good Light Guide",
        "Digital",
        "Format",
        (("PDF", "9.00", None),),
        0,
        "Forty pages on light at home: where to put it, how warm, how much. To download.",
    ),
    Goods(
        "gift-card",
        "Gift Card",
        "Gift card",
        "Value",
        (("25", "25.00", None), ("50", "50.00", None), ("100", "100.00", None)),
        0,
        "When you are not sure which lamp. Sent by e-mail, never expires.",
    ),
)

PEDAL = (
    Goods(
        "bell",
        "Brass Bicycle Bell",
        "Bicycle",
        "Metal",
        (("Steel", "18.00", None),),
        150,
        "Clear and friendly.",
        "Pedal & Pine",
    ),
    Goods(
        "bottle",
        "Steel Bottle",
        "Bicycle",
        "Volume",
        (("0.6 l", "22.00", None), ("1 l", "27.00", None)),
        320,
        "Keeps tea warm over the hill.",
        "Pedal & Pine",
    ),
    Goods(
        "cap",
        "Cycling Cap",
        "Clothing",
        "Colour",
        (("Night", "25.00", "night"), ("Olive", "25.00", "olive")),
        90,
        "Fits under a helmet.",
        "Pedal & Pine",
    ),
)
