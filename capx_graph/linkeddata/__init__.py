"""The graph as linked data: what it says of itself, and what followers of links are given."""
