"""The bench data as tests use them: in a graph, searched, matched and counted in every way that there is."""
