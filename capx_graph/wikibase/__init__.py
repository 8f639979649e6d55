"""Editing a Wikibase as its client, the embedded one without a socket or one elsewhere: ``writer`` and its sessions.

The wiring imports from these rooms, and use cases the ``Writer`` that it makes. What is read of a Wikibase elsewhere
goes another way (``upstream``, ``mediawiki``).
"""
