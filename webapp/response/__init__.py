"""What answers have whatever they say: their headers and tags, what is kept of them, and their formats."""
