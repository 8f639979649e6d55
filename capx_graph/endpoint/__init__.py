"""The SPARQL endpoint: a stranger's query from text to bytes, within its allowance, its services called by us."""
