"""Signing in by OAuth 2: authorization code with PKCE (S256) at ``rest.php/oauth2`` of a MediaWiki; uses Authlib.

Given out by the package. Who signs in is asked for once, and their token forgotten; who lets this site edit in their
name gives it tokens to keep, which it renews.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from capx_graph.errors import Forbidden, Unavailable
from capx_graph.identities.careful import careful
from capx_graph.identities.consumer import Consumer
from capx_graph.identities.model import Begun, Tokens, Vouched

_NO_MORE = frozenset({"invalid_grant", "invalid_request"})
"""How MediaWiki says that a token for renewing is used, revoked or too old; anything else is a fault of ours or its."""


class OAuth2Provider(Consumer):
    """One wiki and this site's client there."""

    def begin(self, callback: str) -> Begun:
        """The address of the wiki's question; the verifier stays here."""
        verifier = secrets.token_urlsafe(48)
        session = self._session(callback)
        address, state = session.create_authorization_url(
            f"{self._rest}/authorize", state=secrets.token_urlsafe(24), code_verifier=verifier
        )
        return Begun(address, state, verifier)

    def state_of(self, answer: Mapping[str, str]) -> str:
        """The parameter ``state``."""
        return answer.get("state", "")

    def granted(self, answer: Mapping[str, str], begun: Begun, callback: str) -> tuple[Vouched, Tokens]:
        """Who it is, and the tokens to act with; raises Forbidden where the person or the wiki refuses."""
        if "error" in answer or not answer.get("code"):
            raise Forbidden("the wiki did not let you sign in here")
        session = self._session(callback)
        try:
            token = session.fetch_token(f"{self._rest}/access_token", code=answer["code"], code_verifier=begun.secret)
            response = session.get(f"{self._rest}/resource/profile")
            response.raise_for_status()
            profile: Any = response.json()
        except AuthlibBaseError as error:
            raise Forbidden("the wiki did not confirm who you are") from error
        except (requests.RequestException, ValueError) as error:
            raise Unavailable(f"{self.host} gave no usable answer") from error
        return self._vouched(profile), _tokens(token, "")

    def renewed(self, tokens: Tokens) -> Tokens:
        """The next tokens; the wiki takes each token for renewing once. Raises Forbidden where it refuses."""
        if not tokens.refresh:
            raise Forbidden(f"{self.host} gave no token to renew with")
        session = self._session("")
        try:
            found = session.refresh_token(f"{self._rest}/access_token", refresh_token=tokens.refresh)
        except AuthlibBaseError as error:
            if error.error in _NO_MORE:
                raise Forbidden(f"{self.host} does not renew these tokens: {error.error}") from error
            raise Unavailable(f"{self.host} renewed no tokens: {error.error}") from error
        except (requests.RequestException, ValueError) as error:
            raise Unavailable(f"{self.host} gave no usable answer") from error
        return _tokens(found, tokens.refresh)

    @property
    def _rest(self) -> str:
        return f"{self._scripts}/rest.php/oauth2"

    def _session(self, callback: str) -> OAuth2Session:
        session = OAuth2Session(
            self._client,
            self._secret,
            redirect_uri=callback,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 - the name of a method
        )
        careful(session, self._user_agent)
        return session


def _tokens(found: Mapping[str, Any], refresh: str) -> Tokens:
    """Tokens from an answer; raises Unavailable where there is none."""
    access, expires = found.get("access_token"), found.get("expires_at")
    if not isinstance(access, str) or not access:
        raise Unavailable("the wiki gave no token")
    return Tokens(access, str(found.get("refresh_token") or refresh), expires=int(expires or 0))
