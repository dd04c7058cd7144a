"""Admin GraphQL 2026-10, as far as the app needs it: a strict subset of the real schema over the store's state."""
