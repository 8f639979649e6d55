"""The graph and the text index: from an entity to triples, kept in step, asked by query files."""
