"""How the data directory is kept: whole generations, journals, and small files that tell how things stand. Leaf."""
