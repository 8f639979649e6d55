"""Another MediaWiki as its client: pages read in bulk and edited one at a time, users mailed, through its Action API.

Use cases import ``Wiki`` and never see an HTTP answer.
"""

from capx_graph.mediawiki.connection import Connection
from capx_graph.mediawiki.manners import Credentials, Limits, Reader
from capx_graph.mediawiki.wiki import PageText, Wiki

__all__ = ["Connection", "Credentials", "Limits", "PageText", "Reader", "Wiki"]
