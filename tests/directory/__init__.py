"""The directory of capacities: shipped, kept, translated, demonstrated."""
