"""What staff sees of returns in the admin, and does with them."""
