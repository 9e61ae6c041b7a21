"""Drafts of policy folders: begun from a form, changed piece by piece, packed into one file. No framework, no clock."""

from __future__ import annotations

from jiceng.law.drafting.folders import begun as begun
from jiceng.law.drafting.folders import changed as changed
from jiceng.law.drafting.folders import drafts_in as drafts_in
from jiceng.law.drafting.packing import packed as packed
from jiceng.law.drafting.packing import unpacked as unpacked
from jiceng.law.drafting.pasted import table_from as table_from
