"""Addresses of the pay desk."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from jiceng.desks.pay import acts, cells, files, months, person, sheet
from jiceng.ui.days import IsoMonth

register_converter(IsoMonth, "month")
_SHEET = "<int:place>/<month:month>/"
urlpatterns: list[URLPattern] = [
    path("", months.months, name="pay"),
    path("people/<int:subject>/", person.person_page, name="pay_person"),
    path("people/<int:subject>/<month:month>/slip.pdf", person.slip_file, name="pay_slip"),
    path(_SHEET, sheet.sheet_page, name="pay_sheet"),
    path(f"{_SHEET}c/<int:subject>/<slug:line>/", cells.cell_card, name="pay_cell"),
    path(f"{_SHEET}calculate/", acts.calculate, name="pay_calculate"),
    path(f"{_SHEET}act/<slug:what>/", acts.act, name="pay_act"),
    path(f"{_SHEET}people/<int:subject>/<slug:what>/", acts.leave, name="pay_leave"),
    path(f"{_SHEET}file/<slug:kind>/", files.sheet_file, name="pay_file"),
    path(f"{_SHEET}slips.pdf", files.slips_file, name="pay_slips"),
    path(f"{_SHEET}books/<slug:which>/", files.book_file, name="pay_book"),
]
