"""Signing in by OAuth 1.0a, where a wiki offers only that: ``Special:OAuth`` and its signed statement of identity.

Given out by the package. The statement is a JSON Web Token signed with this site's own secret; issuer, audience
and time are checked before it is believed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import requests
from oauthlib.oauth1.rfc5849.errors import OAuth1Error
from requests_oauthlib import OAuth1Session
from requests_oauthlib.oauth1_session import TokenRequestDenied

from capx_graph.errors import Forbidden, Unavailable
from capx_graph.identities.careful import careful
from capx_graph.identities.consumer import Consumer
from capx_graph.identities.model import Begun, Tokens, Vouched, issuer_of

_LEEWAY = 60


class OAuth1Provider(Consumer):
    """One wiki and this site's consumer there."""

    def begin(self, callback: str) -> Begun:
        """Asks the wiki for a request token; its secret stays here. Raises Unavailable."""
        session = self._session(callback=callback)
        try:
            token = session.fetch_request_token(self._special("initiate"))
        except (requests.RequestException, TokenRequestDenied, OAuth1Error, ValueError) as error:
            raise Unavailable(f"{self.host} gave no usable answer") from error
        key, secret = token.get("oauth_token", ""), token.get("oauth_token_secret", "")
        address = self._special("authorize", oauth_token=key, oauth_consumer_key=self._client)
        return Begun(address, key, secret)

    def state_of(self, answer: Mapping[str, str]) -> str:
        """The request token."""
        return answer.get("oauth_token", "")

    def granted(
        self,
        answer: Mapping[str, str],
        begun: Begun,
        callback: str,  # noqa: ARG002 sent before
    ) -> tuple[Vouched, Tokens]:
        """Who it is, with the token and secret to sign with; raises Unavailable, Forbidden where the wiki refuses."""
        verifier = answer.get("oauth_verifier", "")
        if not verifier:
            raise Forbidden("the wiki did not let you sign in here")
        try:
            session = self._session(begun.state, begun.secret, verifier=verifier)
            token = session.fetch_access_token(self._special("token"))
            response = session.get(self._special("identify"))
            response.raise_for_status()
        except TokenRequestDenied as error:
            raise Forbidden("the wiki did not confirm who you are") from error
        except (requests.RequestException, OAuth1Error, ValueError) as error:
            raise Unavailable(f"{self.host} gave no usable answer") from error
        tokens = Tokens(str(token.get("oauth_token", "")), secret=str(token.get("oauth_token_secret", "")))
        return self._vouched(self._believed(response.text)), tokens

    def renewed(self, tokens: Tokens) -> Tokens:  # noqa: ARG002 they hold until somebody takes them back
        """Nothing to renew: raises Forbidden."""
        raise Forbidden(f"{self.host} gives other tokens to nobody but the person")

    def _believed(self, statement: str) -> Mapping[str, Any]:
        """The claims, if they were signed for this site, by this wiki, now."""
        claims = _signed_claims(statement.strip(), self._secret)
        if claims is None:
            raise Forbidden("the wiki's statement of who you are is not signed for this site")
        now = time.time()
        fits = claims.get("aud") == self._client and issuer_of(str(claims.get("iss", ""))) == self.issuer
        if not fits or not _is_near(claims, now):
            raise Forbidden("the wiki's statement of who you are is not meant for this site now")
        return claims

    def _special(self, page: str, **more: str) -> str:
        return f"{self._scripts}/index.php?{urlencode({'title': f'Special:OAuth/{page}', **more})}"

    def _session(
        self,
        key: str | None = None,
        secret: str | None = None,
        *,
        callback: str | None = None,
        verifier: str | None = None,
    ) -> OAuth1Session:
        session = OAuth1Session(
            self._client,
            client_secret=self._secret,
            resource_owner_key=key,
            resource_owner_secret=secret,
            callback_uri=callback,
            verifier=verifier,
        )
        careful(session, self._user_agent)
        return session


def _signed_claims(token: str, secret: str) -> Mapping[str, Any] | None:
    """The claims of a JSON Web Token that this secret signed with HMAC-SHA256; no other algorithm is taken."""
    signed, _, given = token.rpartition(".")
    header, _, claims = signed.partition(".")
    expected = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    try:
        if not hmac.compare_digest(expected, _decoded(given)) or json.loads(_decoded(header)).get("alg") != "HS256":
            return None
        found = json.loads(_decoded(claims))
    except (ValueError, AttributeError):
        return None
    return found if isinstance(found, dict) else None


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_near(claims: Mapping[str, Any], now: float) -> bool:
    try:
        return float(claims["iat"]) <= now + _LEEWAY and float(claims["exp"]) >= now - _LEEWAY
    except (KeyError, TypeError, ValueError):
        return False
