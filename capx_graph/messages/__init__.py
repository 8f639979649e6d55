"""Interface messages in Wikimedia's banana JSON, with plurals, genders and fallback along MediaWiki's chains.

Anyone above the leaves may import it. A message is text, never markup: it is escaped as a whole, and markup comes in
only through parameters that are marked as safe (``Markup``), so a translation cannot bring script into a page.
Understood are ``$1``, ``{{PLURAL:$1|one|other}}``, ``{{GENDER:$1|he|she|they}}`` and ``{{bidi:$1}}``.
"""

from __future__ import annotations

from capx_graph.messages.catalogue import DOCUMENTATION, Messages, load_messages
from capx_graph.messages.parsing import parse
from capx_graph.messages.told import Told, line_of, told
from capx_graph.messages.translator import KEYS, Parameter, Translator, gender_of

__all__ = [
    "DOCUMENTATION",
    "KEYS",
    "Messages",
    "Parameter",
    "Told",
    "Translator",
    "gender_of",
    "line_of",
    "load_messages",
    "parse",
    "told",
]
