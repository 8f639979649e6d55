"""Who somebody is at a wiki elsewhere, and what they let this site do there: MediaWiki's OAuth extension.

Doors import from here. Both protocols vouch for the same thing: a subject that stays when the name changes.
"""

from __future__ import annotations

from capx_graph.identities.model import Begun, Provider, Tokens, Vouched
from capx_graph.identities.oauth1 import OAuth1Provider
from capx_graph.identities.oauth2 import OAuth2Provider
from capx_graph.identities.sealing import Sealing
from capx_graph.settings import SignInSettings

__all__ = ["Begun", "OAuth1Provider", "OAuth2Provider", "Provider", "Sealing", "Tokens", "Vouched", "provider_of"]


def provider_of(settings: SignInSettings, *, user_agent: str) -> Provider:
    """The provider that the settings name."""
    kind = OAuth1Provider if settings.protocol == 1 else OAuth2Provider
    return kind(settings.url, settings.client, settings.secret, user_agent=user_agent)
