"""Law sets kept by hash: the folders as they were when a figure was frozen, so that it can be worked out again after they change.

One folder a set under DATA/law-sets, holding a copy of each policy folder and who had confirmed which document. Sets are in
backups, are never changed, and show at once if somebody did: the hash of what is loaded must be the folder's name.
"""

from __future__ import annotations

import json
import os
import shutil
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from jiceng.base.refusals import Problems, Refusal
from jiceng.law.folding import folder_files
from jiceng.law.load import Law, find_folders, load_law
from jiceng.runs.law import installed_law

FOLDER = "law-sets"
_ADOPTIONS = "adoptions.json"
_DO = "请从备份恢复 law-sets 目录"


def keep(law: Law) -> str:
    """Keep a law set; gives its hash. Keeping one that is kept changes nothing.

    Errors  Refusal runs.law_changing if a folder was changed after the law was loaded
    """
    target = _root() / law.hash
    if target.is_dir():
        return law.hash
    fresh = _root() / f".{law.hash}.{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    for document in law.documents:
        copy = fresh / document.id
        copy.mkdir(parents=True)
        for path in folder_files(document.folder):
            shutil.copyfile(path, copy / path.name)
    adopted = {document.id: document.adopted_by for document in law.documents if document.adopted_by}
    (fresh / _ADOPTIONS).write_text(json.dumps(adopted, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    if _loaded(fresh).hash != law.hash:
        shutil.rmtree(fresh)
        raise Refusal("runs.law_changing", "法规文件夹刚刚改过，还没有载入", why="保存的法规要与算数时用的一致", do="请稍候一分钟再办")
    try:
        os.replace(fresh, target)
    except OSError:  # another process kept the same set in the meantime
        shutil.rmtree(fresh, ignore_errors=True)
    return law.hash


def law_of(hash: str) -> Law:
    """The law set of this hash: the one installed, or one kept.

    Errors  Refusal runs.law_set if it is not kept here, or no longer what it was
    """
    installed = installed_law()
    return installed if installed.hash == hash else _kept(hash, _root())


@lru_cache(maxsize=4)
def _kept(hash: str, root: Path) -> Law:
    folder = root / hash
    if not hash.isalnum() or not folder.is_dir():
        raise Refusal("runs.law_set", f"没有保存过法规集 {hash[:12]}", where=str(root), do=_DO)
    try:
        law = _loaded(folder)
    except (Problems, OSError, ValueError) as error:
        raise Refusal("runs.law_set", f"保存的法规集 {hash[:12]} 读不出来", why=str(error)[:300], do=_DO) from error
    if law.hash != hash:
        raise Refusal("runs.law_set", f"保存的法规集 {hash[:12]} 被改过", where=str(folder), do=_DO)
    return law


def _loaded(folder: Path) -> Law:
    adoptions = json.loads((folder / _ADOPTIONS).read_text(encoding="utf-8"))
    return load_law(find_folders(folder), adoptions=adoptions)


def _root() -> Path:
    return Path(settings.DATA) / FOLDER
