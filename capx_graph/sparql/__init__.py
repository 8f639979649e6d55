"""SPARQL as text: tokens, what a query is and asks for, and the rewriting of what is no plain SPARQL.

Used by the endpoint. No engine is touched here; everything goes from text to text and says where a text is wrong.
"""
