"""The tests, in folders that mirror the house; those of the house as a whole lie here.

``houses`` is what tests enter, ``doubles`` what stands in for something else, ``bench_data`` the bench data, ``plain``
the same work done again by plain loops, ``waiting`` how all of them wait. Every module has the one name ``tests.…``.
"""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
"""The folder of the project; recorded data may lie beside it."""
