"""What callers write, held against a schema. Apps send the same few texts again and again: each is read once."""

from functools import lru_cache

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, validate


class Wrong(Exception):
    """`errors`: what the schema has against the text."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


@lru_cache(500)
def read(schema: GraphQLSchema, text: str) -> DocumentNode:
    """Raises Wrong."""
    try:
        document = parse(text)
    except GraphQLError as error:
        raise Wrong([error]) from error
    if errors := validate(schema, document):
        raise Wrong(errors)
    return document
