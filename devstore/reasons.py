"""Why something comes back: Shopify's library of reasons, as far as this store's goods need it."""

from collections.abc import Sequence
from dataclasses import dataclass

FIRST_ID = 4_100_000


@dataclass(frozen=True)
class Reason:
    """`handle` never changes. `word`: what the old enum, and so the webhooks, call it. A deleted one is not offered."""

    id: int
    handle: str
    names: tuple[str, str, str, str]
    word: str = "OTHER"
    deleted: bool = False

    def name(self, language: str) -> str:
        """In this language, English where there is none."""
        place = LANGUAGES.index(language) if language in LANGUAGES else 0
        return self.names[place]


LANGUAGES = ("en", "fr", "de", "es")
TEXTS: tuple[tuple[str, tuple[str, str, str, str], str], ...] = (
    (
        "changed-my-mind",
        ("Changed my mind", "J’ai changé d’avis", "Meinung geändert", "He cambiado de opinión"),
        "UNWANTED",
    ),
    ("arrived-late", ("Arrived late", "Arrivé en retard", "Zu spät angekommen", "Llegó tarde"), "OTHER"),
    (
        "wrong-item",
        ("Wrong item received", "Mauvais article reçu", "Falscher Artikel", "Artículo equivocado"),
        "WRONG_ITEM",
    ),
    ("damaged", ("Arrived damaged", "Arrivé endommagé", "Beschädigt angekommen", "Llegó dañado"), "DEFECTIVE"),
    ("defective", ("Does not work", "Ne fonctionne pas", "Funktioniert nicht", "No funciona"), "DEFECTIVE"),
    (
        "not-as-described",
        (
            "Not as described",
            "Non conforme à la description",
            "Entspricht nicht der Beschreibung",
            "No es como se describe",
        ),
        "NOT_AS_DESCRIBED",
    ),
    ("missing-parts", ("Parts are missing", "Pièces manquantes", "Teile fehlen", "Faltan piezas"), "DEFECTIVE"),
    ("quality", ("Quality", "Qualité", "Qualität", "Calidad"), "NOT_AS_DESCRIBED"),
    ("too-small", ("Too small", "Trop petit", "Zu klein", "Demasiado pequeño"), "SIZE_TOO_SMALL"),
    ("too-large", ("Too large", "Trop grand", "Zu groß", "Demasiado grande"), "SIZE_TOO_LARGE"),
    ("too-tight", ("Too tight", "Trop serré", "Zu eng", "Demasiado ajustado"), "SIZE_TOO_SMALL"),
    ("comfort", ("Not comfortable", "Pas confortable", "Nicht bequem", "No es cómodo"), "STYLE"),
    (
        "style",
        ("Did not like the style", "Le style ne me plaît pas", "Stil gefällt nicht", "No me gusta el estilo"),
        "STYLE",
    ),
    (
        "color-too-bright",
        ("Colour too bright", "Couleur trop vive", "Farbe zu hell", "Color demasiado vivo"),
        "COLOR",
    ),
    ("light-too-dim", ("Light too dim", "Lumière trop faible", "Licht zu schwach", "Luz demasiado débil"), "OTHER"),
    (
        "scent",
        ("Did not like the scent", "Le parfum ne me plaît pas", "Duft gefällt nicht", "No me gusta el aroma"),
        "STYLE",
    ),
    (
        "does-not-fit-the-room",
        (
            "Does not fit the room",
            "Ne convient pas à la pièce",
            "Passt nicht in den Raum",
            "No encaja en la habitación",
        ),
        "STYLE",
    ),
    ("other", ("Other", "Autre", "Anderes", "Otro"), "OTHER"),
)
GONE = Reason(FIRST_ID + len(TEXTS), "size", ("Size", "Taille", "Größe", "Talla"), word="SIZE_TOO_SMALL", deleted=True)

LIBRARY = (*(Reason(FIRST_ID + n, handle, names, word) for n, (handle, names, word) in enumerate(TEXTS)), GONE)

USUAL = ("damaged", "not-as-described", "wrong-item", "arrived-late", "changed-my-mind", "other")
BY_KIND: dict[str, tuple[str, ...]] = {
    "clothing": ("too-small", "too-large", "too-tight", "comfort", "style", "color-too-bright", "quality"),
    "lighting": ("defective", "light-too-dim", "missing-parts", "does-not-fit-the-room", "style"),
    "textiles": ("color-too-bright", "quality", "style", "does-not-fit-the-room"),
    "kitchen": ("quality", "missing-parts", "style"),
    "accessories": ("quality", "style", "scent"),
    "furniture": ("does-not-fit-the-room", "missing-parts", "quality", "comfort"),
}
"""By product type, where Shopify goes by its taxonomy; the most likely first."""


def suggested(product_type: str) -> Sequence[Reason]:
    """In the order in which a buyer should see them."""
    return [by_handle(handle) for handle in (*BY_KIND.get(product_type.casefold(), ()), *USUAL)]


def by_handle(handle: str) -> Reason:
    """KeyError for one that the library does not have."""
    return HANDLES[handle]


def by_id(id: int) -> Reason | None:
    return next((reason for reason in LIBRARY if reason.id == id), None)


HANDLES = {reason.handle: reason for reason in LIBRARY}
