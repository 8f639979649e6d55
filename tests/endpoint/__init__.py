"""The SPARQL endpoint: its protocol, what it guards, its services and functions."""
