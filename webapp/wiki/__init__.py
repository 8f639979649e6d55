"""The Wikibase's own pages: their addresses, what they draw with, histories, undo, feeds and their tag."""
