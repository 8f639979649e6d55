"""The command ``capx``: parses, makes one call into the house, prints.

``main`` is the entry point. Wrong input ends with one line on standard error and exit code 1 (2 for wrong usage),
never with a traceback. Each room beside this one holds a few commands.
"""

from __future__ import annotations

from capx_graph.cli.entry import main

__all__ = ["main"]
