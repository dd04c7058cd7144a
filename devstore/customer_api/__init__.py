"""The Customer Account API: how a buyer lets an app in, and what it may then read and do for this buyer alone."""
