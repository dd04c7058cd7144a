"""What was decided is done at Shopify, and what happens there is learned: every call may be repeated or die."""
