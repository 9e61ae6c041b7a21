"""The second factor: its secret is kept sealed, and whoever must have one cannot switch it off."""

from __future__ import annotations

import base64
import os

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone

from jiceng.access.models import Account
from jiceng.access.scope import scope_of
from jiceng.base.refusals import Refusal

_NONCE = 12


class SealedFactorAdapter(DefaultMFAAdapter):
    """What allauth asks of us. Without it the shared secrets would stand readable in the database and its backups."""

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(_NONCE)
        return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), None)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        raw = base64.b64decode(encrypted_text)
        try:
            return _cipher().decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
        except InvalidTag as error:
            raise Refusal(
                "access.factor_key",
                "动态口令的密钥打不开",
                why="会话密钥（session-secret）换过，或数据库是从别处恢复的",
                do="请管理员重设此账号的动态口令，由本人重新绑定",
            ) from error

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """No, for whoever needs a second factor today."""
        return not scope_of(authenticator.user, on=timezone.localdate()).needs_second_factor


def has_second_factor(account: Account) -> bool:
    """Whether the account has bound a one-time password."""
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def _cipher() -> AESGCM:
    """The key follows from the session secret, which lies in a file outside the data folder."""
    secret = settings.SECRET_KEY.encode()
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"jiceng second factor").derive(secret))
