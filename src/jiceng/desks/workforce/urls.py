"""Addresses of the workforce desk."""

from __future__ import annotations

from django.urls import path

from jiceng.desks.workforce import answers, bulk, entering, facts, forms, importing, pasting, place, recording, roster, workbench, worker

urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("asks/", workbench.asks, name="workbench_asks"),
    path("roster/", roster.roster_page, name="roster"),
    path("bulk/", bulk.choose, name="bulk_choose"),
    path("bulk/<int:act>/", bulk.bulk_page, name="bulk"),
    path("bulk/<int:act>/confirm/", bulk.confirm, name="bulk_confirm"),
    path("bulk/<int:act>/progress/", bulk.progress, name="bulk_progress"),
    path("bulk/<int:act>/undo/", bulk.undo_page, name="bulk_undo"),
    path("batches/<int:number>/", bulk.batch, name="batch"),
    path("workers/new/", entering.enter, name="roster_new"),
    path("workers/<int:subject>/", worker.worker_page, name="roster_worker"),
    path("workers/<int:subject>/reveal/", worker.reveal_page, name="roster_reveal"),
    path("workers/<int:subject>/form/", forms.form_page, name="roster_form"),
    path("workers/<int:subject>/form.docx", forms.form_file, {"kind": "docx"}, name="roster_form_docx"),
    path("workers/<int:subject>/form.pdf", forms.form_file, {"kind": "pdf"}, name="roster_form_pdf"),
    path("workers/<int:subject>/facts/", worker.facts_page, name="roster_facts"),
    path("workers/<int:subject>/history/", worker.history_page, name="roster_history"),
    path("workers/<int:subject>/answers/<slug:rule>/", answers.worker_card, name="roster_card"),
    path("workers/<int:subject>/why/<slug:rule>/", answers.worker_why, name="roster_why"),
    path("workers/<int:subject>/record/<slug:kind>/", facts.record_page, name="roster_record"),
    path("workers/<int:subject>/facts/<int:fact>/", facts.correct_page, name="roster_correct"),
    path("places/", place.home, name="place_home"),
    path("places/<int:code>/", place.place_page, name="place"),
    path("places/<int:code>/answers/<slug:rule>/", answers.place_card, name="place_card"),
    path("places/<int:code>/why/<slug:rule>/", answers.place_why, name="place_why"),
    path("places/<int:code>/record/<slug:kind>/", recording.place_record, name="place_record"),
    path("places/<int:code>/facts/<int:fact>/", recording.place_correct, name="place_correct"),
    path("import/", importing.home, name="import_home"),
    path("import/paste/", pasting.paste, name="paste"),
    path("import/paste/<int:upload>/", pasting.paste_upload, name="paste_upload"),
    path("import/template/", importing.template, name="import_template"),
    path("import/<int:upload>/", importing.upload_page, name="import_upload"),
    path("import/<int:upload>/columns/", importing.columns, name="import_columns"),
    path("import/<int:upload>/confirm/", importing.confirm, name="import_confirm"),
    path("import/<int:upload>/progress/", importing.progress, name="import_progress"),
    path("import/<int:upload>/returned/", importing.returned, name="import_returned"),
    path("import/<int:upload>/undo/", importing.undo_page, name="import_undo"),
]
