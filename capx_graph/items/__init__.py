"""Items of the repository in terms of the ontology, before they are in the graph: written down, found, checked.

Whoever makes or reads items imports these rooms: importers, members, managers, keepers, erasing. ``drafts`` writes an
item down, ``keys`` knows which item a natural key means, ``checking`` asks the shapes about what is not saved yet.
"""
