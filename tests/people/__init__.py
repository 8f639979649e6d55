"""The people of the bench data: in a graph, searched, matched and counted in every way that there is."""
