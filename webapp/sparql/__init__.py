"""SPARQL between a request and its answer: the protocol, the views of a result, and the example questions."""
