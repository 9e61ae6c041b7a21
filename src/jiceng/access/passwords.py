"""Rules for passwords that Django does not bring along. Named in AUTH_PASSWORD_VALIDATORS."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from jiceng.access.models import Account

_KINDS = 3


class KindsOfCharacters:
    """Three of four: small letters, capitals, digits, others."""

    def validate(self, password: str, user: Account | None = None) -> None:
        tests = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
        if sum(any(test(c) for c in password) for test in tests) < _KINDS:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self) -> str:
        return "口令须含小写字母、大写字母、数字、符号中的三种"


class NotTheOldOne:
    """A handed-out password is changed, not kept."""

    def validate(self, password: str, user: Account | None = None) -> None:
        if user is not None and user.password and check_password(password, user.password):
            raise ValidationError(self.get_help_text(), code="password_same")

    def get_help_text(self) -> str:
        return "新口令不能与现用口令相同"
