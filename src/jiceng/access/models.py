"""Tables of access: accounts, grants by place, the log of views."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class Account(AbstractUser):
    """One person who signs in. A person on the roster is a worker, not an account."""

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
