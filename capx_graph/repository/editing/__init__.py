"""Edits: of terms, of statements, of whole entities, one by one or in bulk."""
