"""One compiled loop a rule: its text, and where the result is kept. Without Numba, or where it fails, the caller uses Python.

The text holds the rule's rewritten tree and the words it uses, so its hash says everything: a changed rule or word is
another file, a changed value is none. It lies in `$JICENG_CACHE` or `~/.cache/jiceng`; Numba keeps its machine code beside
it, by CPU. A folder that cannot be written only means compiling again in the next process.
"""

from __future__ import annotations

import ast
import hashlib
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import ModuleType

from jiceng.base.kinds import DEFAULT_STEPS_IN
from jiceng.rules import words
from jiceng.rules.definition import REQUIRED, RuleDef
from jiceng.rules.language import HIGH, LOW
from jiceng.rules.library import read_library
from jiceng.rules.rewrite import Columns, compiled
from jiceng.rules.types import HISTORIES
from jiceng.terms.registry import CodeList

_ARRAYS = ("rows", "regime", "cols", "laws", "flat", "source", "index", "fields", "dated", "out")
_TWO = ("cols", "laws")
_HISTORY = ("starts", "rows", "law")
_STALE_SECONDS = 3600
MOST_TEXTS = 10_000


@dataclass(frozen=True)
class Loop:
    """A rule's loop. `run(rows, regime, cols, laws, flat, source, index, fields, dated, out, *histories)`, int64 arrays.

    For each subject number in `rows` it writes `out`. Scalar argument k comes from column `index[k]` of `laws` (at the
    subject's regime) where `source[k]` is 1, else of `cols`. `columns` names what `fields` and `dated` must point at.
    Each history is three arrays: where each subject's records start, the fields by column, the regime of each record.
    """

    run: Callable[..., None]
    columns: Columns
    hash: str


@dataclass(frozen=True)
class NoLoop:
    """Why a rule has no compiled loop; it answers in Python all the same."""

    reason: str


# By text alone: two rules of one shape share a loop, though each reads its own columns.
_kept: dict[tuple[str, str], Callable[..., None] | NoLoop] = {}
_lock = Lock()


def loop_for(rule: RuleDef, *, codes: dict[str, CodeList]) -> Loop | NoLoop:
    """The compiled loop of a rule, from memory, from disk, or made now (about half a second)."""
    if not available():
        return NoLoop("没有安装 Numba")
    text, columns = loop_text(rule, codes=codes)
    hash = _hash(text)
    key = (hash, str(_folder()))
    with _lock:
        if key not in _kept:
            try:
                _kept[key] = _compiled(text, hash)
            except Exception as error:  # Numba's own messages are for its makers: name the rule, go on in Python
                _kept[key] = NoLoop(f"没有编译成：{type(error).__name__}")
        made = _kept[key]
    return made if isinstance(made, NoLoop) else Loop(made, columns, hash)


def warm(rule: RuleDef, *, codes: dict[str, CodeList]) -> bool:
    """Whether the loop needs no compiling: it is in memory or on disk."""
    text, _columns = loop_text(rule, codes=codes)
    hash = _hash(text)
    if (hash, str(_folder())) in _kept:
        return True
    return any((_folder() / "__pycache__").glob(f"{hash}.*.nbi"))


def available() -> bool:
    """Whether Numba can be imported here."""
    try:
        import numba  # noqa: F401
    except ImportError:
        return False
    return True


_texts: dict[tuple[str, int], tuple[str, Columns, dict[str, CodeList]]] = {}


def loop_text(rule: RuleDef, *, codes: dict[str, CodeList]) -> tuple[str, Columns]:
    """The Python text that Numba compiles for one rule. It names nothing of the rule but its code."""
    key = (rule.text_hash, id(codes))
    if len(_texts) > MOST_TEXTS:
        _texts.clear()  # laws that were loaded again and again
    if key not in _texts:
        _texts[key] = (*_loop_text(rule, codes), codes)  # holds `codes`, so that its id stays its own
    return _texts[key][0], _texts[key][1]


def _loop_text(rule: RuleDef, codes: dict[str, CodeList]) -> tuple[str, Columns]:
    assert rule.node is not None
    library = read_library()
    tree, columns = compiled(
        rule.node, arguments=rule.arguments, result=rule.result, codes=codes, failing=lambda w: f"_{w}" in library.failing
    )
    scalars = [a.name for a in rule.arguments if a.type.name not in (*HISTORIES, "ByDate")]
    histories = [a.name for a in rule.arguments if a.type.name in HISTORIES]
    inner = [f"_h{k}{part}" for k in range(len(histories)) for part in ("from", "to", "rows", "law")]
    tree.name = "_rule"
    tree.args.args = [ast.arg(n) for n in ("_F", "_laws", "_flat", "_fields", "_dated", *scalars, *inner)]
    body = "@njit(no_cpython_wrapper=True, **OPTIONS)\n" + ast.unparse(ast.fix_missing_locations(tree))
    wanted = library.reached(tree)
    parts = [f"@njit(no_cpython_wrapper=True, **OPTIONS)\n{library.texts[name]}" for name in library.texts if name in wanted]
    return "\n\n\n".join([_HEAD, *parts, body, _loop(rule, histories)]) + "\n", columns


_HEAD = f"""import numpy as np
from numba import njit

OPTIONS = dict(nogil=True, error_model="numpy", no_cfunc_wrapper=True)
LOW, HIGH = {LOW}, {HIGH}
OPEN, MILLION, FIRST_DAY, LAST_DAY = {int(words.OPEN)}, {words.MILLION}, {words.FIRST_DAY}, {words.LAST_DAY}
HALF_UP, DOWN, UP, HALF_EVEN = {words.HALF_UP}, {words.DOWN}, {words.UP}, {words.HALF_EVEN}"""


def _loop(rule: RuleDef, histories: list[str]) -> str:
    """The loop over subjects: fetch each argument, let defaults step in, note the worst kind, call the rule."""
    steps_in = " or ".join(f"_k == {int(kind)}" for kind in sorted(DEFAULT_STEPS_IN))
    arrays = [f"_{name}" for name in _ARRAYS]
    arrays += [f"_{part}{k}" for k in range(len(histories)) for part in _HISTORY]
    shapes = ["i8[:,::1]" if name in _TWO else "i8[::1]" for name in _ARRAYS]
    shapes += ["i8[::1]", "i8[:,::1]", "i8[::1]"] * len(histories)
    lines = [
        f'@njit("void({", ".join(shapes)})", cache=CACHED, **OPTIONS)',
        f"def loop({', '.join(arrays)}):",
        "    _F = np.zeros(1, np.int64)",
        "    for _n in range(len(_rows)):",
        "        _i, _worst = _rows[_n], 0",
    ]
    position = 0
    given: list[str] = []
    for argument in rule.arguments:
        kind = argument.type.name
        if kind in ("ByDate", "Records"):
            continue
        value = f"_a{position}"
        given += [] if kind in HISTORIES else [value]
        law = f"_laws[_regime[_i], _index[{position}]]"
        lines += [
            f"        {value} = {law} if _source[{position}] == 1 else _cols[_index[{position}], _i]",
            f"        if {value} <= LOW:",
            f"            _k = {value} - LOW + 8",
        ]
        position += 1
        if argument.default is REQUIRED:
            lines.append("            _worst = max(_worst, _k)")
            continue
        # Without a value `= None` keeps its mark: `known` tests it, reading it is 缺事实.
        steps = f"            if {steps_in}:\n                {value} = {argument.default}" if argument.default is not None else ""
        lines += [steps, "            else:", "                _worst = max(_worst, _k)"] if steps else [
            f"            if not ({steps_in}):",
            "                _worst = max(_worst, _k)",
        ]  # fmt: skip
    inner = [f"_starts{k}[_i], _starts{k}[_i + 1], _rows{k}, _law{k}" for k in range(len(histories))]
    lines += [
        "        if _worst > 0:",
        "            _out[_i] = LOW - 8 + _worst",
        "            continue",
        "        _F[0] = 0",
        f"        _r = _rule({', '.join(['_F', '_laws', '_flat', '_fields', '_dated', *given, *inner])})",
        "        _out[_i] = LOW - 8 + _F[0] if _F[0] > 0 else _r",
    ]
    return "\n".join(lines)


def _hash(text: str) -> str:
    version = f"{sys.version_info[:2]}"
    return hashlib.sha256(f"{version}\n{text}".encode()).hexdigest()[:40]


def _folder() -> Path:
    return Path(os.environ.get("JICENG_CACHE") or Path.home() / ".cache" / "jiceng") / "loops"


def _compiled(text: str, hash: str) -> Callable[..., None]:
    path = _written(text, hash)
    if path is not None:
        try:
            return _made(text, hash, str(path), cached=True)
        except Exception:
            # Damaged or not writable: leave it for the next process to make anew, and compile in memory.
            for part in (path.parent / "__pycache__").glob(f"{hash}.*"):
                with suppress(OSError):
                    part.unlink()
    return _made(text, hash, f"<规则 {hash[:8]}>", cached=False)


def _made(text: str, hash: str, file: str, *, cached: bool) -> Callable[..., None]:
    # Our own text, made from checked trees; a policy file itself is never executed. Numba's cached code looks its module
    # up by name, in this process and in the next, so there is one under a name that the text decides.
    module = ModuleType(f"jiceng_loop_{hash}")
    sys.modules[module.__name__] = module
    module.__dict__["CACHED"] = cached
    exec(compile(text, file, "exec"), module.__dict__)
    found: Callable[..., None] = module.__dict__["loop"]
    return found


def _written(text: str, hash: str) -> Path | None:
    """The text in the cache folder; None where it cannot be written. Two processes at once each rename a whole file."""
    folder = _folder()
    path = folder / f"{hash}.py"
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return path if os.access(folder, os.W_OK) or any((folder / "__pycache__").glob(f"{hash}.*.nbi")) else None
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _swept(folder)
        temporary = folder / f".{hash}.{os.getpid()}.tmp"
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except OSError:
        return None
    return path


def _swept(folder: Path) -> None:
    # What a killed process left behind.
    for left in folder.glob(".*.tmp"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()
