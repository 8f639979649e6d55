"""What tests of a connected Wikibase share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.houses.grants import Granting, granting
from tests.houses.people_upstream import UPSTREAM


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Granting]:
    with granting(tmp_path_factory.mktemp("people"), **UPSTREAM) as opened:
        yield opened
