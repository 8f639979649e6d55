"""``python -m capx_graph`` is the command ``capx``: for where no script is installed."""

from __future__ import annotations

from capx_graph.cli import main

if __name__ == "__main__":
    main()
