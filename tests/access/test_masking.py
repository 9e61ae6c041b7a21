"""What is left of personal data for eyes that need not see it. All numbers are invented."""

from __future__ import annotations

import pytest

from jiceng.access.masking import mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("51332419900101123X", "513324********123X"),
        ("513324900101123", "513324*****1123"),
        ("1234567890", "**********"),
        ("", ""),
    ],
)
def test_id_number(number, shown):
    assert mask_id(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800001234", "138****1234"),
        ("0836-1234567", "0836-*****67"),
        ("08361234567", "*********67"),
        ("12345", "*****"),
        ("028-120", "*******"),
        ("", ""),
    ],
)
def test_phone(number, shown):
    assert mask_phone(number) == shown


@pytest.mark.parametrize(("name", "shown"), [("甲乙", "甲*"), ("甲乙丙", "甲**"), ("甲乙·丙丁戊己", "甲**"), ("甲", "甲"), ("", "")])
def test_name(name, shown):
    assert mask_name(name) == shown
