"""The engines of the graph, behind one protocol (``base``): Oxigraph in this process, or a SPARQL 1.1 engine elsewhere.

``embedded`` and ``remote`` are the two stores; rooms whose names begin with ``remote`` serve the second. Queries of
strangers run in processes that can be killed (``worker``), or at the engine elsewhere (``remoterunner``).
"""
