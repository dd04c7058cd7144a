"""Access tokens: exchange, expiring pairs, refresh rotation, refusal of retired ones. Times are the store's clock."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from devstore.clock import AppClock
from devstore.records import Install, Token
from devstore.state import State

ACCESS_LIFE = timedelta(seconds=3600)
ONLINE_LIFE = timedelta(seconds=86399)
REFRESH_LIFE = timedelta(days=90)
REPEAT_WINDOW = timedelta(days=30)
OLD_SECRET_SIGNS = timedelta(hours=1)
LEEWAY = 10

Answer = dict[str, Any]


class Refused(Exception):
    """What the token endpoint answers instead of a token."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error, self.description = status, error, description


@dataclass
class Secrets:
    """The app's client secret and, during a rotation, the one before it."""

    current: str
    old: str | None = None
    rotated_at: datetime | None = None

    def rotate(self, new: str, now: datetime) -> None:
        self.current, self.old, self.rotated_at = new, self.current, now

    def revoke_old(self) -> None:
        """The rotation ends: what was minted with the old secret is dead."""
        self.old = self.rotated_at = None

    def live(self) -> list[str]:
        return [self.current] + ([self.old] if self.old else [])

    def signs_webhooks(self, now: datetime) -> str:
        """Shopify may go on signing with the old secret for an hour after a rotation, so the store does."""
        if self.old and self.rotated_at and now - self.rotated_at < OLD_SECRET_SIGNS:
            return self.old
        return self.current


class Tokens:
    """All tokens of all installs. client_id: the one app the store knows."""

    def __init__(self, state: State, secrets: Secrets, client_id: str, app_clock: AppClock) -> None:
        self._state, self._secrets, self._client_id, self._app_clock = state, secrets, client_id, app_clock

    def check_client(self, client_id: str | None, client_secret: str | None) -> str:
        """The fingerprint of the secret that was used. Refused: invalid_client."""
        if client_id != self._client_id or client_secret not in self._secrets.live():
            raise Refused(400, "invalid_client", "client id or secret is wrong")
        return _fingerprint(str(client_secret))

    def install_of(self, shop: str) -> Install:
        install = self._state.install(shop)
        if install is None:
            raise Refused(400, "invalid_client", "the app is not installed in this shop")
        return install

    def check_subject(self, shop: str, subject: str | None) -> int:
        """The staff user of a good ID token of this shop. Refused: invalid_subject_token."""
        for secret in self._secrets.live():
            try:
                claims = _claims(str(subject), secret, self._client_id, self._app_clock.now())
            except jwt.PyJWTError:
                continue
            if claims["iss"] == f"https://{shop}/admin" and claims["dest"] == f"https://{shop}":
                return int(claims["sub"])
        raise Refused(400, "invalid_subject_token", "the ID token is not valid")

    def offline(self, install: Install, minted_with: str, *, expiring: bool) -> Answer:
        """A new offline token. An expiring one retires the refresh token before it at once."""
        with self._state.changing() as change:
            for earlier in install.tokens:
                earlier.retired = earlier.retired or (expiring and earlier.refresh is not None)
            token = self._mint(install, minted_with, "shpat_", ACCESS_LIFE if expiring else None, refresh=expiring)
            change.touch(install)
            return _answer(token, ACCESS_LIFE if expiring else None)

    def online(self, install: Install, minted_with: str, staff_id: int) -> Answer:
        """A token of one staff user; it ends after a day and cannot be refreshed."""
        with self._state.changing() as change:
            token = self._mint(install, minted_with, "shpua_", ONLINE_LIFE, refresh=False)
            token.online_user = staff_id
            change.touch(install)
            staff = self._state.shops[install.shop].staff
            user = {
                "id": staff_id,
                "first_name": staff.first_name,
                "last_name": staff.last_name,
                "email": staff.email,
                "email_verified": True,
                "account_owner": True,
                "locale": staff.locale,
                "collaborator": False,
            }
            scope = ",".join(token.scopes)
            return _answer(token, ONLINE_LIFE) | {"associated_user_scope": scope, "associated_user": user}

    def refreshed(self, install: Install, minted_with: str, refresh: str | None) -> Answer:
        """A new pair for a refresh token. It may be repeated until the pair that came for it was used.

        Refused with 401 invalid_request when unknown, expired, retired or superseded.
        """
        with self._state.changing() as change:
            now = self._state.now()
            found = next((t for t in install.tokens if t.refresh and t.refresh == refresh), None)
            if found is None or not _may_refresh(found, install, now):
                raise Refused(401, "invalid_request", "the refresh token is not valid any more")
            for unused in install.tokens:
                unused.retired = unused.retired or unused.access == found.replaced_by
            token = self._mint(install, minted_with, "shpat_", ACCESS_LIFE, refresh=True)
            found.replaced_by, found.first_refreshed_at = token.access, found.first_refreshed_at or now
            change.touch(install)
            return _answer(token, ACCESS_LIFE)

    def find(self, shop: str, access: str) -> Token | None:
        """The living token of this shop; None when unknown, expired, uninstalled or of a revoked secret."""
        install = self._state.install(shop)
        token = next((t for t in install.tokens if t.access == access), None) if install else None
        living = [_fingerprint(secret) for secret in self._secrets.live()]
        if token is None or token.minted_with not in living:
            return None
        return None if token.expires_at and token.expires_at <= self._state.now() else token

    def use(self, shop: str, token: Token) -> None:
        """A token's first use retires the refresh token that it replaced for good."""
        if token.used:
            return
        with self._state.changing() as change:
            token.used = True
            install = self._state.install(shop)
            for before in install.tokens if install else []:
                before.retired = before.retired or before.replaced_by == token.access
            if install:
                change.touch(install)

    def _mint(self, install: Install, minted_with: str, prefix: str, life: timedelta | None, refresh: bool) -> Token:
        now = self._state.now()
        install.tokens = [token for token in install.tokens if not _dead(token, now)]
        token = Token(
            access=prefix + secrets.token_hex(16),
            scopes=list(install.scopes),
            minted_with=minted_with,
            expires_at=now + life if life else None,
            refresh="shprt_" + secrets.token_hex(16) if refresh else None,
            refresh_expires_at=now + REFRESH_LIFE if refresh else None,
        )
        install.tokens.append(token)
        return token


def _may_refresh(token: Token, install: Install, now: datetime) -> bool:
    if token.retired or token.refresh_expires_at is None or token.refresh_expires_at <= now:
        return False
    replacement = next((t for t in install.tokens if t.access == token.replaced_by), None)
    if replacement is not None and (replacement.used or replacement.replaced_by):
        return False
    return token.first_refreshed_at is None or now - token.first_refreshed_at <= REPEAT_WINDOW


def _dead(token: Token, now: datetime) -> bool:
    if token.expires_at is None or token.expires_at > now:
        return False
    return token.refresh is None or token.retired or not token.refresh_expires_at or token.refresh_expires_at <= now


def _answer(token: Token, life: timedelta | None) -> Answer:
    answer: Answer = {"access_token": token.access, "scope": ",".join(token.scopes)}
    if life is not None:
        answer["expires_in"] = int(life.total_seconds())
    if token.refresh is not None:
        answer |= {"refresh_token": token.refresh, "refresh_token_expires_in": int(REFRESH_LIFE.total_seconds())}
    return answer


def _claims(subject: str, secret: str, client_id: str, now: datetime) -> dict[str, Any]:
    """The claims of a well-signed ID token that is alive now; jwt.PyJWTError for any other."""
    required: Any = {"require": ["exp", "nbf", "aud", "iss", "dest", "sub"], "verify_exp": False, "verify_nbf": False}
    claims = jwt.decode(
        subject, secret, algorithms=["HS256"], audience=client_id, options=required | {"verify_iat": False}
    )
    if not claims["nbf"] - LEEWAY <= now.timestamp() < claims["exp"] + LEEWAY:
        raise jwt.ExpiredSignatureError("not alive now")
    return claims


def _fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:12]
