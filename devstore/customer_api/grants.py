"""What a customer's login gives to the app: a code, for the code tokens, for a refresh token the next ones.

All in memory: whoever is logged in when the store stops logs in again. Times are the store's clock.
"""

import base64
import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from devstore.clock import Clock
from devstore.records import Customer
from devstore.tokens import Refused

CODE_LIFE = timedelta(seconds=60)
ACCESS_LIFE = timedelta(hours=2)
ID_LIFE = timedelta(hours=1)
REFRESH_LIFE = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the app asked for, as far as it must be the same when the code comes back."""

    shop: str
    customer: int
    redirect_uri: str
    challenge: str
    scope: str
    nonce: str | None


@dataclass(kw_only=True)
class Login:
    """One time a customer let the app in. `refresh` changes with each use; `is_over` after logout or a stolen code."""

    asked: Asked
    code: str
    code_until: datetime
    is_used: bool = False
    is_over: bool = False
    refresh: str | None = None
    refresh_until: datetime | None = None
    access: dict[str, datetime] = field(default_factory=dict)
    """Each token and when it ends."""


class Grants:
    """Every login of every shop. Safe for threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._logins: list[Login] = []
        self._lock = threading.Lock()

    def begin(self, asked: Asked) -> str:
        """The code that is sent back with the browser."""
        with self._lock:
            until = self._clock.now() + CODE_LIFE
            login = Login(asked=asked, code=secrets.token_urlsafe(24), code_until=until)
            self._logins.append(login)
            return login.code

    def redeem(self, shop: str, code: str, redirect_uri: str, verifier: str) -> Login:
        """Tokens for a code, once. A code that comes again ends what it gave before. Refused: invalid_grant."""
        with self._lock:
            login = next((one for one in self._logins if one.code == code and one.asked.shop == shop), None)
            if login is None or login.code_until <= self._clock.now():
                raise Refused(400, "invalid_grant", "the code is unknown or too old")
            if login.is_used:
                login.is_over = True
                raise Refused(400, "invalid_grant", "the code was used before")
            login.is_used = True
            if login.asked.redirect_uri != redirect_uri:
                raise Refused(400, "invalid_grant", "another redirect_uri than the code was made for")
            if not hmac.compare_digest(challenge(verifier), login.asked.challenge):
                raise Refused(400, "invalid_grant", "the code_verifier is not the one of this login")
            return self._fresh(login)

    def refresh(self, shop: str, token: str) -> Login:
        """The next pair; a refresh token works once. Refused: invalid_grant."""
        with self._lock:
            now = self._clock.now()
            for login in self._logins:
                is_it = login.refresh == token and login.asked.shop == shop and not login.is_over
                if is_it and login.refresh_until and login.refresh_until > now:
                    return self._fresh(login)
            raise Refused(400, "invalid_grant", "the refresh token is not valid any more")

    def who(self, shop: str, access: str) -> Asked | None:
        """Whose token this is; None when it is unknown, too old, of another shop, or the customer has logged out."""
        now = self._clock.now()
        with self._lock:
            found = (one for one in self._logins if one.asked.shop == shop and not one.is_over)
            return next((one.asked for one in found if one.access.get(access, now) > now), None)

    def end(self, shop: str, customer: int) -> None:
        """The customer logs out: no token of theirs opens anything from here on."""
        with self._lock:
            for login in self._logins:
                login.is_over = login.is_over or (login.asked.shop == shop and login.asked.customer == customer)

    def _fresh(self, login: Login) -> Login:
        """Gives the login new tokens; earlier access tokens live on until their time is over."""
        now = self._clock.now()
        login.refresh, login.refresh_until = f"shcrt_{secrets.token_hex(24)}", now + REFRESH_LIFE
        login.access[f"shcat_{secrets.token_hex(24)}"] = now + ACCESS_LIFE
        return replace(login, access=dict(login.access))


class Signer:
    """Signs who logged in; apps check it with the public half, which the store shows."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(8)

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def id_token(self, issuer: str, client_id: str, asked: Asked, customer: Customer, now: datetime) -> str:
        claims: dict[str, Any] = {
            "iss": issuer,
            "aud": client_id,
            "sub": str(customer.id),
            "iat": int(now.timestamp()),
            "exp": int((now + ID_LIFE).timestamp()),
            "email": customer.email,
            "email_verified": True,
        }
        named = {"nonce": asked.nonce} if asked.nonce else {}
        return jwt.encode(claims | named, self._key, "RS256", {"kid": self.name})

    def whose(self, id_token: str, client_id: str) -> int | None:
        """The customer that an ID token of ours names, however old it is; None for any other text."""
        options: Any = {"verify_exp": False, "verify_iat": False}
        try:
            claims = jwt.decode(id_token, self._key.public_key(), ["RS256"], audience=client_id, options=options)
        except jwt.PyJWTError:
            return None
        return int(claims["sub"])

    def keys(self) -> dict[str, Any]:
        """The public half as a JSON Web Key Set."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": self.name, "use": "sig", "alg": "RS256"}]}


def challenge(verifier: str) -> str:
    """S256 of RFC 7636."""
    digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
