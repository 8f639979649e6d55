"""Where the data files of the house lie: beside the packages in a checkout, inside the wheel when installed.

Anyone may import this leaf. An installed wheel carries ``ontology/``, ``shapes/`` and ``queries/`` in
``capx_graph/resources/``; a checkout has them at its top level, so that the files edited are the files used.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "resources"
_CHECKOUT = _PACKAGE.parent


def _root(name: str) -> Path:
    installed = _INSTALLED / name
    return installed if installed.is_dir() else _CHECKOUT / name


def ontology_dir() -> Path:
    """Folder of ``capx.ttl``, ``translations/``, ``instances/``, ``directory/`` and ``context.jsonld``."""
    return _root("ontology")


def shapes_dir() -> Path:
    """Folder of the SHACL shapes."""
    return _root("shapes")


def queries_dir() -> Path:
    """Folder of the SPARQL queries."""
    return _root("queries")


def messages_dir() -> Path:
    """Folder of the interface messages (banana JSON, one file a language)."""
    return _CHECKOUT / "webapp" / "i18n"
