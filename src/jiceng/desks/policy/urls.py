"""Addresses of the policy desk."""

from __future__ import annotations

from django.urls import path

from jiceng.desks.policy import (
    contradictions,
    runs,
    runs_compare,
    runs_new,
    simulation_around,
    simulation_budget,
    simulation_export,
    simulation_page,
    simulation_people,
    simulations,
)

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
    path("simulations/", simulations.home, name="simulation_home"),
    path("simulations/new/", simulations.new, name="simulation_new"),
    path("simulations/compare/", simulation_page.compare, name="simulation_compare"),
    path("simulations/<int:number>/", simulation_page.trial_page, name="simulation"),
    path("simulations/<int:number>/people/", simulation_people.people, name="simulation_people"),
    path("simulations/<int:number>/people/<int:subject>/", simulation_people.person, name="simulation_person"),
    path("simulations/<int:number>/places/<int:code>/<slug:rule>/", simulation_around.place_cards, name="simulation_place"),
    path("simulations/<int:number>/budget/", simulation_budget.budget, name="simulation_budget"),
    path("simulations/<int:number>/file/", simulation_export.file, name="simulation_file"),
    path("simulations/<int:number>/save/", simulations.save, name="simulation_save"),
    path("simulations/<int:number>/drop/", simulations.drop, name="simulation_drop"),
    path("contradictions/", contradictions.contradictions_page, name="contradictions"),
    path("contradictions/<slug:key>/", contradictions.contradiction_page, name="contradictions_one"),
]
