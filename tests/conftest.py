"""Fixtures that several test files share."""

from __future__ import annotations

from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded behaviour and bench data beside the checkout; skips where there is none."""
    folder = CHECKOUT.parent / "shared"
    if not (folder / "golden").is_dir():
        pytest.skip("needs the folder ../shared with recorded data, which is not part of the project")
    return folder
