"""A small, honest Shopify on this machine: real HTTP on the loopback for the demo, development and tests."""
