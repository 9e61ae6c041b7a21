"""Addresses of the policy desk."""

from __future__ import annotations

from django.urls import path

from jiceng.desks.policy import contradictions, runs, runs_compare, runs_new

urlpatterns = [
    path("runs/", runs.runs_list, name="runs"),
    path("runs/new/", runs_new.new, name="runs_new"),
    path("runs/compare/", runs_compare.compare, name="runs_compare"),
    path("runs/compare/people/", runs_compare.movers, name="runs_movers"),
    path("runs/<int:number>/", runs.run_page, name="runs_run"),
    path("runs/<int:number>/people/", runs.people, name="runs_people"),
    path("runs/<int:number>/card/<int:subject>/<slug:name>/", runs.card, name="runs_card"),
    path("runs/<int:number>/rename/", runs.rename, name="runs_rename"),
    path("runs/<int:number>/again/", runs.again, name="runs_again"),
    path("runs/<int:number>/file/", runs.file, name="runs_file"),
    path("contradictions/", contradictions.contradictions_page, name="contradictions"),
    path("contradictions/<slug:key>/", contradictions.contradiction_page, name="contradictions_one"),
]
