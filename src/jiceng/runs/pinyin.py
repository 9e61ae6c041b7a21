"""Search keys of names: full pinyin and initials, with the readings surnames have."""

from __future__ import annotations

from functools import lru_cache

# pypinyin gives the common reading; as surnames these are read otherwise (单 is shan, not dan).
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "曾": "zeng", "任": "ren", "尉": "wei", "盖": "ge",
    "华": "hua", "纪": "ji", "燕": "yan", "应": "ying", "乐": "yue", "朴": "piao", "缪": "miao", "翟": "zhai", "折": "she",
    "种": "chong", "洗": "xian", "逄": "pang", "冼": "xian", "覃": "qin", "秘": "bi", "贾": "jia", "宓": "mi", "员": "yun",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def search_keys(name: str) -> str:
    """Space-separated keys: `ouyangli oyl ol`; every common reading of the first character is included."""
    if not name:
        return ""
    # Its dictionaries take fifty megabytes, which a server that only shows pages does not need.
    from pypinyin import Style, lazy_pinyin, pinyin

    rest = lazy_pinyin(name[1:], errors="ignore")
    first = {SURNAMES[name[0]]} if name[0] in SURNAMES else set()
    first |= {reading for group in pinyin(name[0], style=Style.NORMAL, heteronym=True, errors="ignore") for reading in group}
    keys: list[str] = []
    for reading in sorted(first):
        keys.append("".join([reading, *rest]))
        keys.append("".join(part[0] for part in [reading, *rest] if part))
    return " ".join(dict.fromkeys(keys))[:200]
