"""The command ``capx`` of a version that makes other graphs: a service of it builds graph and text index anew.

python -m tests.bench.newer --data DIR serve
"""

from __future__ import annotations

from capx_graph.cli import main
from capx_graph.ingest import ingest

ingest.MODEL += 1000

if __name__ == "__main__":
    main()
