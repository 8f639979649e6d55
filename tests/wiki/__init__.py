"""The pages of the Wikibase itself: what they are made of, and how they answer."""
