"""The ontology, its mapping to ids, and the shapes."""
