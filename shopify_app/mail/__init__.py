"""Messages to buyers: written with their cause, sent once, every decision a row."""
