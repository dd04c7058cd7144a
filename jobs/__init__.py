"""The workers' entrance: one module per queue, each job one call."""
