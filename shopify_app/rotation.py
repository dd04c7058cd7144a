"""Key rotation: open every encrypted value with whichever key fits, and seal it with the first."""

from collections.abc import Iterator

from sqlalchemy import Column, LargeBinary, Table, select, tuple_, type_coerce, update

from shopify_app import photos
from shopify_app.db import db, transaction
from shopify_app.secrets import Encrypted, box

BATCH = 500


def run() -> Iterator[tuple[str, int]]:
    """Yields each column, last the files of photos, and how many of its values were sealed anew. May be stopped and
    started again at any time.
    """
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Encrypted):
                yield f"{table.name}.{column.name}", _rotate(table, column, column.type.purpose)
    yield photos.PURPOSE, photos.reseal()


def _rotate(table: Table, column: Column[bytes], purpose: str) -> int:
    keys, raw = list(table.primary_key.columns), type_coerce(column, LargeBinary)
    sealed_anew, after = 0, None
    while True:
        page = select(*keys, raw).where(column.is_not(None)).order_by(*keys).limit(BATCH)
        if after is not None:
            page = page.where(tuple_(*keys) > tuple_(*after))
        with transaction():
            rows = db.session.execute(page).all()
            for *key, sealed in rows:
                if not box().is_current(sealed):
                    fresh = box().seal(box().open(bytes(sealed), purpose), purpose)
                    same = [one == value for one, value in zip(keys, key, strict=True)]
                    still = update(table).where(*same, raw == sealed)
                    db.session.execute(still.values({column: type_coerce(fresh, LargeBinary)}))
                    sealed_anew += 1
        if len(rows) < BATCH:
            return sealed_anew
        after = rows[-1][:-1]
