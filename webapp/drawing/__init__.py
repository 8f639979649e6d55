"""What every template draws with: messages, names and numbers, times, and what a page is about as schema.org data."""
