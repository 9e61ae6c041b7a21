"""Addresses of the office desk."""

from __future__ import annotations

from django.urls import path

from jiceng.desks.office import accounts, clauses, entries, law, reveals, texts, tokens

urlpatterns = [
    path("law/", law.law_list, name="law"),
    path("law/rule/<slug:name>/", law.rule_panel, name="law_rule"),
    path("law/adopt/<path:document>/", law.adopt, name="law_adopt"),
    path("law/text/<path:document>/", texts.import_page, name="law_text"),
    path("law/read/<path:document>/<str:number>/", clauses.clause_page, name="law_clause"),
    path("law/<path:document>/", law.law_page, name="law_document"),
    path("entries/", entries.entries_page, name="entries"),
    path("entries/<int:number>/", entries.entry_page, name="entry"),
    path("entries/<int:number>/undo/", entries.undo_page, name="entry_undo"),
    path("accounts/", accounts.accounts_page, name="accounts"),
    path("accounts/new/", accounts.new, name="accounts_new"),
    path("accounts/<int:account>/", accounts.account_page, name="accounts_one"),
    path("tokens/", tokens.tokens_page, name="tokens"),
    path("tokens/new/", tokens.new, name="tokens_new"),
    path("tokens/<int:token>/revoke/", tokens.revoke_page, name="tokens_revoke"),
    path("reveals/", reveals.reveals_page, name="reveals"),
]
