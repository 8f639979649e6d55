"""The blueprints, one a room: search, pages of things, ontology, help, preferences."""
