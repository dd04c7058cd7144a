"""The pictures of the shops' products: flat drawings, made when they are asked for.

A picture's name is its subject and, for subjects that come in colours, a colour: "desk-lamp-sage".
"""

import io
from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageDraw

SIZE = 800
"""Pixels of a side as drawn; smaller sizes are scaled down from it."""

COLOURS = {
    "sand": "#d9b98a",
    "charcoal": "#4a4d52",
    "sage": "#8fa98b",
    "rust": "#b9603d",
    "cream": "#efe3cb",
    "night": "#34466b",
    "olive": "#6f7447",
    "natural": "#e4d3b0",
    "red": "#c8453b",
    "steel": "#aab3bb",
}

Point = tuple[float, float]


class Sheet:
    """A square of 100 by 100, drawn large and scaled down so that edges are smooth."""

    def __init__(self, ground: str) -> None:
        self.scale = SIZE * 2 / 100
        self.image = Image.new("RGB", (SIZE * 2, SIZE * 2), ground)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def at(self, points: list[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def shape(self, colour: str, *points: Point) -> None:
        self.pen.polygon(self.at(list(points)), fill=colour)

    def oval(self, colour: str, left: float, top: float, right: float, bottom: float) -> None:
        self.pen.ellipse(self.at([(left, top), (right, bottom)]), fill=colour)

    def block(self, colour: str, left: float, top: float, right: float, bottom: float, round: float = 0) -> None:
        self.pen.rounded_rectangle(self.at([(left, top), (right, bottom)]), radius=round * self.scale, fill=colour)

    def line(self, colour: str, width: float, *points: Point) -> None:
        self.pen.line(self.at(list(points)), fill=colour, width=int(width * self.scale), joint="curve")
        for x, y in points:
            self.oval(colour, x - width / 2, y - width / 2, x + width / 2, y + width / 2)

    def bow(
        self, colour: str, width: float, left: float, top: float, right: float, bottom: float, start: float, end: float
    ) -> None:
        """Part of an oval's edge. start and end in degrees, clockwise from three o'clock."""
        self.pen.arc(self.at([(left, top), (right, bottom)]), start, end, fill=colour, width=int(width * self.scale))

    def floor(self, left: float, right: float, y: float) -> None:
        self.oval("#00000018", left, y - 2.5, right, y + 2.5)

    def png(self) -> Image.Image:
        return self.image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def shade(colour: str, by: float) -> str:
    """Darker below 1, lighter above."""
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return "#" + "".join(f"{min(255, int(part * by)):02x}" for part in parts)


def desk_lamp(sheet: Sheet, colour: str) -> None:
    sheet.shape("#fff3c455", (62, 36), (80, 30), (96, 82), (54, 82))
    sheet.floor(22, 62, 84)
    sheet.block(shade(colour, 0.8), 26, 79, 54, 84, 2.5)
    sheet.line(shade(colour, 0.9), 2.4, (40, 80), (30, 50), (62, 28))
    sheet.oval(shade(colour, 0.7), 27.5, 47.5, 32.5, 52.5)
    sheet.shape(colour, (56, 22), (70, 17), (84, 33), (58, 42))
    sheet.oval("#fff1b8", 57, 31, 84, 44)
    sheet.oval(shade(colour, 0.75), 55, 16, 71, 26)


def moon_lamp(sheet: Sheet, colour: str) -> None:
    sheet.floor(30, 70, 85)
    sheet.oval("#fff6dd66", 18, 12, 82, 76)
    sheet.oval("#fff1cc", 26, 20, 74, 68)
    sheet.oval("#fff9e8", 31, 25, 60, 54)
    for left, top, size in ((50, 30, 9), (36, 46, 7), (58, 50, 6), (44, 26, 4), (47, 58, 4)):
        sheet.oval("#f3dca2", left, top, left + size, top + size)
    sheet.shape(colour, (38, 64), (62, 64), (68, 85), (32, 85))
    sheet.shape(shade(colour, 0.85), (50, 64), (62, 64), (68, 85), (50, 85))


def pendant(sheet: Sheet, colour: str) -> None:
    sheet.shape("#fff3c440", (22, 60), (78, 60), (94, 100), (6, 100))
    sheet.line("#3a3a3a", 0.9, (50, 0), (50, 26))
    sheet.block("#3a3a3a", 47, 22, 53, 29, 1)
    sheet.oval("#fff1b8", 22, 50, 78, 68)
    sheet.pen.pieslice(sheet.at([(22, 28), (78, 92)]), 180, 360, fill=colour)
    for inset in (7, 14, 21):
        sheet.bow(shade(colour, 0.88), 0.8, 22 + inset, 28, 78 - inset, 92, 180, 360)
    sheet.line(shade(colour, 0.8), 1.2, (22.5, 60), (77.5, 60))


def blanket(sheet: Sheet, colour: str) -> None:
    sheet.floor(14, 86, 82)
    for place, top in enumerate((64, 48, 32)):
        tone = shade(colour, 0.86 + 0.08 * place)
        sheet.block(tone, 16, top, 84, top + 17, 7)
        sheet.line(shade(tone, 0.86), 0.8, (22, top + 13), (78, top + 13))
        sheet.line("#ffffff70", 1.4, (24, top + 5), (24, top + 9), (30, top + 9))
    for x in range(20, 82, 4):
        sheet.line(shade(colour, 0.8), 0.9, (x, 80), (x - 0.6, 86))


def cushion(sheet: Sheet, colour: str) -> None:
    sheet.floor(18, 82, 83)
    for x, y in ((18, 24), (82, 24), (18, 80), (82, 80)):
        sheet.oval(shade(colour, 0.88), x - 5, y - 5, x + 5, y + 5)
    sheet.block(shade(colour, 0.92), 16, 24, 84, 82, 13)
    sheet.block(colour, 18, 22, 82, 79, 15)
    for start in (32, 44, 56, 68):
        sheet.line(shade(colour, 0.88), 1, (start, 27), (start, 74))
    sheet.oval(shade(colour, 0.75), 47.5, 48, 52.5, 53)


def cup(sheet: Sheet, colour: str) -> None:
    sheet.floor(24, 72, 82)
    sheet.bow(shade(colour, 0.9), 4.5, 56, 42, 84, 70, 270, 90)
    sheet.block(colour, 26, 34, 70, 82, 9)
    sheet.block(shade(colour, 0.82), 26, 62, 70, 82, 9)
    sheet.block(colour, 26, 58, 70, 66)
    sheet.oval(shade(colour, 1.06), 26, 28, 70, 41)
    sheet.oval("#5b3b2a", 30, 30.5, 66, 39.5)
    for x in (40, 50, 60):
        sheet.bow("#ffffffa0", 1.4, x - 5, 10, x + 1, 18, 90, 270)
        sheet.bow("#ffffffa0", 1.4, x - 5, 17, x + 1, 25, 270, 90)


def kettle(sheet: Sheet, colour: str) -> None:
    sheet.floor(24, 76, 84)
    sheet.line(shade(colour, 0.8), 3.4, (34, 74), (26, 71), (21, 62), (20, 50), (17, 42), (10, 38))
    sheet.bow("#8a5a3a", 4.5, 58, 34, 92, 74, 270, 90)
    sheet.shape(colour, (36, 38), (68, 38), (76, 84), (28, 84))
    sheet.shape(shade(colour, 0.85), (54, 38), (68, 38), (76, 84), (54, 84))
    sheet.oval(shade(colour, 1.1), 36, 33, 68, 43)
    sheet.oval("#8a5a3a", 48, 26, 56, 34)


def jacket(sheet: Sheet, colour: str) -> None:
    dark = shade(colour, 0.78)
    sheet.shape(shade(colour, 0.88), (32, 22), (14, 36), (9, 72), (21, 75), (28, 46))
    sheet.shape(shade(colour, 0.88), (68, 22), (86, 36), (91, 72), (79, 75), (72, 46))
    sheet.shape(colour, (34, 20), (66, 20), (74, 30), (73, 84), (27, 84), (26, 30))
    sheet.shape(dark, (38, 17), (62, 17), (66, 24), (50, 36), (34, 24))
    sheet.shape(shade(colour, 0.6), (43, 17), (57, 17), (50, 27))
    sheet.line(dark, 1, (50, 34), (50, 83))
    for top in (42, 54, 66, 78):
        sheet.oval("#e8d9a8", 51.5, top, 54, top + 2.5)
    for left in (31, 56):
        sheet.block(dark, left, 60, left + 13, 74, 1.5)
        sheet.block(shade(colour, 0.7), left, 60, left + 13, 64, 1)


def tote(sheet: Sheet, colour: str) -> None:
    sheet.floor(22, 78, 86)
    sheet.bow(shade(colour, 0.75), 3, 34, 12, 66, 70, 180, 360)
    sheet.shape(colour, (22, 40), (78, 40), (82, 86), (18, 86))
    sheet.shape(shade(colour, 0.93), (22, 40), (78, 40), (78.6, 47), (21.4, 47))
    sheet.oval("#e8a63a", 42, 56, 58, 72)
    for x, y in ((50, 51), (50, 77), (37, 64), (63, 64), (41, 55), (59, 55), (41, 73), (59, 73)):
        sheet.oval("#e8a63a", x - 1.3, y - 1.3, x + 1.3, y + 1.3)


def candle(sheet: Sheet, colour: str) -> None:
    sheet.floor(26, 74, 84)
    sheet.oval("#fff0b060", 34, 8, 66, 44)
    sheet.oval("#f6b73c", 46, 16, 54, 34)
    sheet.oval("#ffe9a8", 48, 23, 52, 33)
    sheet.line("#3a3a3a", 1, (50, 33), (50, 40))
    sheet.block(shade(colour, 0.96), 30, 38, 70, 84, 5)
    sheet.block("#ffffff50", 33, 40, 39, 82, 3)
    sheet.oval(shade(colour, 1.1), 30, 34, 70, 45)
    sheet.block("#fbf6ea", 36, 56, 64, 72, 1.5)
    sheet.line("#9b8a63", 1, (41, 62), (59, 62))
    sheet.line("#c9b98f", 0.8, (44, 66.5), (56, 66.5))


def stool(sheet: Sheet, colour: str) -> None:
    sheet.floor(20, 80, 86)
    for top, foot in ((32, 22), (68, 78)):
        sheet.line(shade(colour, 0.78), 4, (top, 44), (foot, 85))
    sheet.line(shade(colour, 0.7), 3.4, (44, 44), (41, 80))
    sheet.line(shade(colour, 0.7), 3.4, (56, 44), (59, 80))
    sheet.line(shade(colour, 0.72), 2.4, (27, 66), (73, 66))
    sheet.oval(shade(colour, 0.8), 20, 33, 80, 51)
    sheet.oval(colour, 20, 29, 80, 47)
    for inset in (8, 16, 23):
        sheet.bow(shade(colour, 0.9), 0.6, 20 + inset, 29 + inset * 0.3, 80 - inset, 47 - inset * 0.3, 0, 360)


def guide(sheet: Sheet, colour: str) -> None:
    sheet.floor(24, 76, 86)
    sheet.block(shade(colour, 0.7), 27, 16, 77, 86, 2)
    sheet.block("#fbf6ea", 29, 15, 75, 83, 1)
    sheet.block(colour, 24, 14, 73, 82, 2)
    sheet.block(shade(colour, 0.85), 24, 14, 30, 82, 2)
    sheet.oval("#ffe9a8", 43, 30, 61, 48)
    sheet.block("#c9ced4", 48, 46, 56, 53, 1.5)
    sheet.block("#fbf6ea", 38, 60, 67, 63, 1.5)
    sheet.block("#fbf6eaa0", 42, 67, 63, 69, 1)


def gift_card(sheet: Sheet, colour: str) -> None:
    sheet.floor(12, 88, 76)
    sheet.block(shade(colour, 0.8), 14, 28, 88, 76, 5)
    sheet.block(colour, 12, 26, 86, 74, 5)
    sheet.block("#f2d28a", 30, 26, 36, 74)
    sheet.block("#f2d28a", 12, 44, 86, 49)
    for box in ((19, 30, 33, 45), (33, 30, 47, 45)):
        sheet.bow("#d9ac4c", 2.2, *box, 0, 360)
    sheet.oval("#d9ac4c", 30, 43, 36, 50)
    sheet.block("#fbf6ea", 56, 58, 80, 61, 1.5)
    sheet.block("#fbf6eaa0", 64, 65, 80, 67, 1)


def bell(sheet: Sheet, colour: str) -> None:
    sheet.block("#5a5f66", 18, 68, 82, 75, 3)
    sheet.block("#3c4046", 44, 60, 56, 70, 2)
    sheet.pen.pieslice(sheet.at([(24, 26), (76, 94)]), 180, 360, fill=colour)
    sheet.bow("#ffffff90", 2, 32, 33, 68, 90, 200, 250)
    sheet.oval(shade(colour, 0.8), 24, 56, 76, 65)
    sheet.oval(shade(colour, 0.7), 46, 20, 54, 28)
    sheet.line("#3c4046", 2.6, (72, 52), (86, 44))


def bottle(sheet: Sheet, colour: str) -> None:
    sheet.floor(32, 68, 88)
    sheet.block("#2f3338", 44, 10, 56, 20, 2)
    sheet.block("#4a4f55", 39, 18, 61, 27, 2)
    sheet.block(colour, 34, 26, 66, 88, 6)
    sheet.block(shade(colour, 0.85), 34, 46, 66, 54, 1)
    sheet.block("#ffffff50", 38, 30, 42, 84, 2)
    sheet.shape("#ffffffd0", (46, 78), (53, 62), (60, 78))


def cap(sheet: Sheet, colour: str) -> None:
    sheet.floor(18, 84, 74)
    sheet.pen.pieslice(sheet.at([(20, 24), (74, 96)]), 180, 360, fill=colour)
    sheet.shape(shade(colour, 0.8), (20, 60), (74, 60), (92, 70), (70, 73), (20, 66))
    sheet.bow("#fbf6ea", 3, 34, 24, 60, 96, 180, 360)
    sheet.oval(shade(colour, 0.7), 45, 22, 50, 27)


SUBJECTS: dict[str, tuple[Callable[[Sheet, str], None], str, str]] = {
    "desk-lamp": (desk_lamp, "#eef0ea", "sand"),
    "moon-lamp": (moon_lamp, "#3f4a66", "sand"),
    "pendant": (pendant, "#e9e4f0", "cream"),
    "blanket": (blanket, "#f3ece4", "rust"),
    "cushion": (cushion, "#e6edf0", "sage"),
    "cup": (cup, "#dfe8e4", "cream"),
    "kettle": (kettle, "#f2e7dc", "charcoal"),
    "jacket": (jacket, "#ecebe0", "olive"),
    "tote": (tote, "#dde7ef", "natural"),
    "candle": (candle, "#5b4a54", "sand"),
    "stool": (stool, "#e5ebe3", "sand"),
    "guide": (guide, "#f3e9d8", "sage"),
    "gift-card": (gift_card, "#f0e2df", "night"),
    "bell": (bell, "#e4ebf1", "steel"),
    "bottle": (bottle, "#f1ebdd", "red"),
    "cap": (cap, "#e7efe6", "night"),
}
"""What can be drawn: how, on which ground, and its colour when the name says none."""


@lru_cache(maxsize=256)
def draw(name: str, width: int = SIZE) -> bytes:
    """A square PNG of that many pixels, at most SIZE. KeyError for a subject or colour nobody can draw."""
    image = _drawn(name)
    if width < SIZE:
        image = image.resize((width, width), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=64)
def _drawn(name: str) -> Image.Image:
    subject = next((key for key in SUBJECTS if name == key or name.startswith(f"{key}-")), name)
    how, ground, usual = SUBJECTS[subject]
    sheet = Sheet(ground)
    how(sheet, COLOURS[name[len(subject) + 1 :] or usual])
    return sheet.png()
