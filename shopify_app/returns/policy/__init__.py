"""What a shop has decided about returns, and what follows from it for one order: values and sentences."""
