"""The search between its address and its answer: parameters, facets, reasons in words, and its JSON."""
