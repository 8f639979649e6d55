"""Handing a directory over to a Wikibase elsewhere and back: provision, push, pull. Doors go through ``jobs.handing``.

Everything is planned first; a plan changes nothing. Ids differ between the two sides, so every entity has a pair, and
what was alike on both sides when they were last in step is remembered: that makes a merge of three out of two.
"""
