"""What settings may be: each wrong one is refused by its name, with the rule."""

from __future__ import annotations

import pytest

from capx_graph import settings
from capx_graph.errors import InvalidSetting


def test_languages_of_the_site_are_written_as_in_wikis_or_browsers() -> None:
    assert settings.load({"CAPX_LANGUAGES": "pt-BR, ja"}).languages == ("pt-br", "ja")
    assert settings.load({"CAPX_LANGUAGES": " , "}).languages == ("en",)
    with pytest.raises(InvalidSetting, match="CAPX_LANGUAGES='pt, zz': 'zz' is not the code of a language"):
        settings.load({"CAPX_LANGUAGES": "pt, zz"})
