"""What somebody typed cannot be taken as it is."""


class Unclear(Exception):
    """`field` is the one to mend, the text says how."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field
        self.text = text
