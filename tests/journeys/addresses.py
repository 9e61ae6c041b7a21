"""Every page of the site with addresses that have rows behind them, looked up in the demonstration.

A new address in the resolver needs a line here: under PAGES with an example, or under OTHERS with what it is instead of a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page

OPINION = "cn/2024-community-workers"
LOCAL = "cn-5133-ganzi/2026-demo"

# What stands in braces in PAGES: the account, the page on which it is looked up, the link that names it.
FOUND = {
    "worker": ("zhouzhang", "/roster/?place=513301001001", r"/workers/(\d+)/$"),
    "fact": ("zhouzhang", "/workers/{worker}/facts/", r"/workers/{worker}/facts/(\d+)/$"),
    "place_fact": ("zhouzhang", "/places/513301/", r"/places/513301/facts/(\d+)/$"),
    "round": ("kangding", "/rounds/", r"/rounds/(\d+)/$"),
    "town": ("kangding", "/rounds/{round}/", r"/places/(\d+)/$"),
    "town_refused": ("kangding", "/rounds/{round}/", r"/places/(\d+)/#missing$"),
    "upload": ("kangding", "/import/?", r"/import/(\d+)/$"),
    "filling": ("kangding", "/filling/", r"/filling/(\d+)/$"),
    "period": ("zhouzhang", "/returns/", r"/returns/new/\d+/([\d-]+)/\?on="),
    "finding": ("zhouzhang", "/policy/contradictions/?all=1&kind=copied", r"/policy/contradictions/([0-9a-f]{16})/$"),
    "pay_month": ("kangding", "/pay/", r"/pay/513301001/([\d-]+)/$"),
    "paid": ("kangding", "/pay/513301001/{pay_month}/", r"/pay/people/(\d+)/$"),
    "draft": ("zhouzhang", "/policy/drafts/", r"/policy/drafts/([a-z0-9-]+/[0-9]{4}-pay)/$"),
    "entry": ("zhouzhang", "/entries/", r"/entries/(\d+)/$"),
    "account": ("admin", "/accounts/", r"/accounts/(\d+)/$"),
}

# name of the address → "account address"; the account "" looks in from outside.
PAGES: dict[str, tuple[str, ...]] = {
    "workbench": (
        "zhouzhang /", "zhouzhang /?place=513301", "zhouzhang /?place=513301001001", "zhouzhang /?on=2025-06-30", "chakan /?on=&known=",
        "zhouzhang /?on=2015-01-01&known=", "kangding /?on=&known=",
    ),
    "trend": ("zhouzhang /trend/?place=5133",),
    "moves": ("zhouzhang /moves/?place=5133&since=2026-01-01", "zhouzhang /moves/?place=513301&since=2026-01-01&way=departures"),
    "briefing": ("zhouzhang /briefing/?place=513301", "zhouzhang /briefing/?place=5133"),
    "workbench_asks": ("zhouzhang /asks/",),
    "roster": (
        "zhouzhang /roster/", "chakan /roster/?place=513301", "kangding /roster/?due=training_overdue&sort=post_since&size=80",
        "zhouzhang /roster/?q=没有这个人", "zhouzhang /roster/?place=513301&post=1&post=2",
    ),
    "roster_columns": ("zhouzhang /roster/columns/",),
    "bulk_choose": ("kangding /bulk/", "zhouzhang /bulk/", "kangding /bulk/?all=1&place=513301001&act=record%3Atraining"),
    "bulk": ("kangding /bulk/1/", "kangding /bulk/2/"),
    "bulk_undo": ("zhouzhang /bulk/1/undo/",),
    "roster_new": ("zhouzhang /workers/new/", "kangding /workers/new/?place=513301"),
    "roster_worker": ("zhouzhang /workers/{worker}/", "chakan /workers/{worker}/", "zhouzhang /workers/{worker}/?on=2024-06-01&known="),
    "roster_form": ("zhouzhang /workers/{worker}/form/?on=&known=",),
    "roster_facts": ("zhouzhang /workers/{worker}/facts/",),
    "roster_history": ("zhouzhang /workers/{worker}/history/",),
    "roster_papers": ("zhouzhang /workers/{worker}/documents/",),
    "roster_attach": ("zhouzhang /workers/{worker}/documents/new/",),
    "roster_card": ("zhouzhang /workers/{worker}/answers/training_due/",),
    "roster_why": ("zhouzhang /workers/{worker}/why/training_due/",),
    "roster_record": (
        "zhouzhang /workers/{worker}/record/training/", "zhouzhang /workers/{worker}/record/contact/",
        "zhouzhang /workers/{worker}/record/appointment/", "zhouzhang /workers/{worker}/record/contract/",
    ),
    "roster_correct": ("zhouzhang /workers/{worker}/facts/{fact}/",),
    "roster_transfer": (
        "zhouzhang /workers/{worker}/transfer/", "zhouzhang /workers/{worker}/transfer/?to=0",
        "zhouzhang /workers/{worker}/transfer/?to=513322",
    ),
    "transfers": ("zhouzhang /transfers/", "kangding /transfers/"),
    "career": ("zhouzhang /career/", "zhouzhang /career/?show=unchecked", "chakan /career/?show=unmet&place=513301"),
    "place_home": ("zhouzhang /places/",),
    "place": ("zhouzhang /places/513301/", "zhouzhang /places/513301001001/"),
    "place_history": ("zhouzhang /places/513301/history/",),
    "place_papers": ("zhouzhang /places/513301/documents/", "zhouzhang /places/513338/documents/"),
    "place_attach": ("zhouzhang /places/513301/documents/new/",),
    "place_card": ("zhouzhang /places/513301/answers/quota/",),
    "place_why": ("zhouzhang /places/513301/why/quota/",),
    "place_record": ("zhouzhang /places/513301/record/population/",),
    "place_correct": ("zhouzhang /places/513301/facts/{place_fact}/",),
    "round_home": ("zhouzhang /rounds/", "kangding /rounds/"),
    "round_new": ("zhouzhang /rounds/new/", "kangding /rounds/new/"),
    "round": ("kangding /rounds/{round}/",),
    "round_merge": ("kangding /rounds/{round}/merge/",),
    "round_remind": ("kangding /rounds/{round}/remind/",),
    "round_place": ("kangding /rounds/{round}/places/{town}/", "kangding /rounds/{round}/places/{town_refused}/"),
    "filling_home": ("kangding /filling/", "zhouzhang /filling/"),
    "filling": ("kangding /filling/{filling}/",),
    "returns": ("zhouzhang /returns/", "kangding /returns/"),
    "returns_new": ("zhouzhang /returns/new/5133/{period}/?on=&known=", "zhouzhang /returns/new/513326/{period}/"),
    "returns_new_rows": ("zhouzhang /returns/new/5133/{period}/rows/?p=513301&c=in_service",),
    "returns_new_card": ("zhouzhang /returns/new/5133/{period}/card/?p=513301&c=quota_exact",),
    "returns_return": tuple(f"zhouzhang /returns/{n}/" for n in (1, 19, 20, 22, 23, 34, 35, 36)),
    "returns_rows": ("zhouzhang /returns/1/rows/?p=513301&c=in_service",),
    "returns_card": ("zhouzhang /returns/1/card/?p=513301&c=quota_exact",),
    "returns_changes": ("zhouzhang /returns/1/changes/", "zhouzhang /returns/34/changes/"),
    "draft_home": ("zhouzhang /policy/drafts/",),
    "draft_new": ("zhouzhang /policy/drafts/new/", f"zhouzhang /policy/drafts/new/?from={LOCAL}"),
    "draft_take_in": ("zhouzhang /policy/drafts/take-in/",),
    "draft": ("zhouzhang /policy/drafts/{draft}/",),
    "draft_clause": ("zhouzhang /policy/drafts/{draft}/clauses/3/", "zhouzhang /policy/drafts/{draft}/clauses/99/"),
    "draft_value": ("zhouzhang /policy/drafts/{draft}/values/post_pay/", "zhouzhang /policy/drafts/{draft}/values/new/"),
    "draft_rule": ("zhouzhang /policy/drafts/{draft}/rules/add/certificate/", "zhouzhang /policy/drafts/{draft}/rules/add/post_class/"),
    "draft_case": ("zhouzhang /policy/drafts/{draft}/cases/0/",),
    "draft_text": ("zhouzhang /policy/drafts/{draft}/text/?file=values.yaml",),
    **{f"draft_{part}": (f"zhouzhang /policy/drafts/{{draft}}/{part}/",)
       for part in ("heading", "clauses", "values", "rules", "cases", "pay", "compare", "versions", "put", "drop")},
    "runs": ("zhouzhang /policy/runs/", "chakan /policy/runs/", "kangding /policy/runs/"),
    "runs_new": ("zhouzhang /policy/runs/new/", "kangding /policy/runs/new/"),
    "runs_compare": ("zhouzhang /policy/runs/compare/?r=1&r=2", "zhouzhang /policy/runs/compare/?r=2&r=3&place=513301&name=performance"),
    "runs_movers": ("zhouzhang /policy/runs/compare/people/?r=1&r=2&name=community_months&way=risen",),
    "runs_run": ("zhouzhang /policy/runs/1/", "chakan /policy/runs/2/?place=513301"),
    "runs_people": ("zhouzhang /policy/runs/1/people/", "chakan /policy/runs/1/people/?name=monthly_pay&kind=missing"),
    "runs_card": ("zhouzhang /policy/runs/2/card/{worker}/monthly_pay/",),
    "simulation_home": ("zhouzhang /policy/simulations/", "kangding /policy/simulations/"),
    "simulation_new": (
        "kangding /policy/simulations/new/", "zhouzhang /policy/simulations/new/?place=5133&since=2027-01-01&v=grade_pay&v=quota_rounding",
        "zhouzhang /policy/simulations/new/?place=5133&v=household_minimum&q=培训",
    ),
    "simulation_compare": ("kangding /policy/simulations/compare/?one=1&one=2",),
    "simulation": (
        "zhouzhang /policy/simulations/1/", "kangding /policy/simulations/2/", "kangding /policy/simulations/2/?place=513301001",
    ),
    "simulation_people": (
        "kangding /policy/simulations/1/people/?of=winners&sort=most", "kangding /policy/simulations/1/people/?of=unknown",
    ),
    "simulation_person": ("kangding /policy/simulations/1/people/{worker}/",),
    "simulation_place": ("kangding /policy/simulations/2/places/513301/quota_exact/",),
    "simulation_budget": ("kangding /policy/simulations/1/budget/",),
    "contradictions": (
        "zhouzhang /policy/contradictions/", "kangding /policy/contradictions/?place=513301001", "chakan /policy/contradictions/?all=1",
        "zhouzhang /policy/contradictions/?all=1&by=document", "zhouzhang /policy/contradictions/?all=1&document=cn-6101-xian/2020-pay",
    ),
    "contradictions_one": ("zhouzhang /policy/contradictions/{finding}/", "chakan /policy/contradictions/{finding}/"),
    "pay": ("zhouzhang /pay/", "kangding /pay/", "zhouzhang /pay/?place=513322"),
    "pay_sheet": (
        "kangding /pay/513301001/{pay_month}/", "kangding /pay/513301002/{pay_month}/", "zhouzhang /pay/513301101/{pay_month}/",
        "zhouzhang /pay/513301102/{pay_month}/", "zhouzhang /pay/513301001/2026-09/", "kangding /pay/513301001/{pay_month}/?only=changed",
    ),
    "pay_cell": ("kangding /pay/513301001/{pay_month}/c/{paid}/month_basic/",),
    "pay_person": ("kangding /pay/people/{paid}/",),
    "import_home": ("zhouzhang /import/", "kangding /import/"),
    "paste": ("kangding /import/paste/",),
    "paste_upload": ("kangding /import/paste/{upload}/",),
    "import_upload": ("zhouzhang /import/1/", "zhouzhang /import/2/", "kangding /import/{upload}/", "zhouzhang /import/20/"),
    "import_columns": ("kangding /import/{upload}/columns/",),
    "import_undo": ("zhouzhang /import/1/undo/",),
    "law": ("zhouzhang /law/",),
    "law_rule": ("zhouzhang /law/rule/training_due/?place=5133",),
    "law_adopt": (f"zhouzhang /law/adopt/{OPINION}/",),
    "law_text": (f"zhouzhang /law/text/{OPINION}/",),
    "law_clause": (f"zhouzhang /law/read/{OPINION}/3/", f"zhouzhang /law/read/{OPINION}/8/", f"zhouzhang /law/read/{LOCAL}/1/"),
    "law_document": (
        f"zhouzhang /law/{OPINION}/", *(f"zhouzhang /law/{OPINION}/?tab={tab}" for tab in ("rules", "values", "cases", "notices")),
        f"zhouzhang /law/{LOCAL}/", "zhouzhang /law/cn-5133-ganzi/2026-pay-demo/?tab=pay",
    ),
    "entries": ("zhouzhang /entries/",),
    "entry": ("zhouzhang /entries/{entry}/",),
    "entry_undo": ("zhouzhang /entries/{entry}/undo/",),
    "accounts": ("admin /accounts/",),
    "accounts_new": ("admin /accounts/new/",),
    "accounts_one": ("admin /accounts/{account}/",),
    "tokens": ("admin /tokens/",),
    "tokens_new": ("admin /tokens/new/",),
    "reveals": ("admin /reveals/",),
    "api_docs": ("zhouzhang /api/v1/docs/",),
    "account_login": (" /account/login/",),
    "account_logout": ("zhouzhang /account/logout/",),
    "account_change_password": ("zhouzhang /account/password/",),
    "account_inactive": (" /account/inactive/",),
    "account_reauthenticate": ("zhouzhang /account/reauthenticate/",),
    "mfa_index": ("zhouzhang /account/second/",),
    "mfa_activate_totp": ("zhouzhang /account/second/totp/on/",),
}  # fmt: skip

ACT, FILE, PART, PROGRAM = "takes a form, has no page of its own", "a file", "a piece of another page", "for programs"
LATER = "only after an act the demonstration does not show"
OTHERS = {
    ACT: {
        "roster_view_save", "roster_view_delete", "roster_reveal", "bulk_confirm", "round_workbooks", "round_return", "round_close",
        "round_back", "filling_columns", "filling_fill", "returns_submit", "returns_act", "import_confirm",
        "pay_calculate", "pay_act", "pay_leave",
        "runs_rename", "runs_again", "simulation_save", "simulation_drop",
    },
    FILE: {
        "draft_file",
        "briefing_word", "briefing_pdf", "roster_export", "roster_export_file", "roster_form_docx", "roster_form_pdf",
        "roster_paper", "place_paper",
        "round_returned_all", "round_remind_text", "round_workbook", "round_returned", "returns_new_file", "returns_file",
        "import_template", "import_returned", "runs_file", "simulation_file",
        "pay_file", "pay_slips", "pay_slip", "pay_book", "mfa_download_recovery_codes", "favicon",
    },
    PART: {"draft_strip", "bulk_progress", "round_delivery_progress", "import_progress"},
    LATER: {
        "draft_back",
        "roster_export_kept", "batch", "round_delivery", "tokens_revoke", "mfa_authenticate", "mfa_reauthenticate", "mfa_deactivate_totp",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    },
}  # fmt: skip


def names(resolver: URLResolver | None = None) -> Iterator[str]:
    """The name of every address of the site; what programs ask for, under /api/, is theirs except the page on it."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from names(one)
        elif isinstance(one, URLPattern):
            assert one.name, f"{one.pattern} has no name"
            if not one.name.startswith("api_") or one.name == "api_docs":
                yield one.name


def told() -> list[str]:
    """The names there are examples or reasons for."""
    return [*PAGES, *(name for group in OTHERS.values() for name in group)]


def looked_up(pages: dict[str, Page]) -> dict[str, str]:
    """What stands in braces, read from the links of the pages that list it."""
    known: dict[str, str] = {}
    for name, (who, address, link) in FOUND.items():
        pages[who].goto(filled(address, known))
        links = pages[who].eval_on_selector_all("main a[href]", "all => all.map(one => one.href)")
        matched = [match.group(1) for one in links if (match := re.search(filled(link, known), one))]
        assert matched, f"{address} has no link {link}"
        known[name] = matched[0]
    return known


def filled(address: str, known: dict[str, str]) -> str:
    """`address` with what was found in the place of its braces."""
    return re.sub(r"\{([a-z_]+)\}", lambda match: known[match.group(1)], address)
