"""The set-up itself."""

import os

import pytest
from django.db import connection


@pytest.mark.django_db
@pytest.mark.database
def test_database_is_the_one_asked_for():
    expected = "postgresql" if os.environ.get("JICENG_TEST_ON") == "postgres" else "sqlite"
    assert connection.vendor == expected
