"""Invented articles and regulations, and a typesetter that cuts them into columns as newspapers do. Nobody and nothing here exists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

CARPENTER = (
    "清晨六点，云溪村的木工棚里已经亮起了灯。今年68岁的赵木生戴上老花镜，把一块槐木板架到长凳上，一推一送，刨花落了一地。",
    "赵木生16岁学艺，跟着师傅走过周边的12个乡镇。那时候做一张八仙桌要3天，主家管饭，还给2元5角工钱。“手艺人不能偷懒，榫头差一分，桌子就要晃。”他说。",
    "2019年，村里把闲置的仓库腾出来，请他给年轻人上课。5年下来，先后有40多人跟着他学会了做凳子、修门窗，其中7人开了自己的作坊。",
    "“我想把这门手艺留在云溪。”赵木生把刨子挂回墙上，“只要有人愿意学，我就一直教下去。”",
)
CARPENTER_TITLE, CARPENTER_NAME, CARPENTER_BYLINE = "把手艺留在云溪", "赵木生", "◎示例作者 文/图"

FAIR = (
    "云溪日报讯 5月18日，由县农业农村局主办的春季农具展销在河东市场举行。当天共有36家商户参展，展出犁耙、喷雾器和小型烘干机等320余种农具。",
    "展销现场设立了“以旧换新”和维修体验两个区域，技术人员为农户免费检修机器115台次。“修好了还教我怎么保养，不用再跑县城。”前来参展的农户说。",
    "据介绍，展销将持续到5月25日，期间每天安排两场操作示范，并为行动不便的老人提供上门送货。",
)
FAIR_TITLES = ("春耕好帮手", "我县举办春季农具展销")
FAIR_BYLINE = "示例融媒 文/图"

CANTEEN = (
    "云溪日报讯 近日，青石镇印发《老年食堂办理方案》，提出年内办成9个老年食堂，让行动不便的老人吃上热饭。",
    "《方案》要求每个食堂每天供应两餐，菜单每周公布一次。对80岁以上独居老人，由志愿者送餐到家，送餐费用由镇里统一承担。",
    "《方案》明确，食堂账目每月公开，接受老人和家属监督，剩余资金结转下月使用，不得挪作他用。",
)
CANTEEN_TITLE, CANTEEN_NAME = "青石镇年内办成9个老年食堂", "李示例"

DUTY_OPENING = "（紧接第一版）轮流值守、快速回应，让群众随时找得到人、办得成事。"
DUTY_PARTS = ("二、值班安排", "三、交接与记录")
DUTY = (
    (
        "3",
        "值班时间",
        ("村级便民点每天8时至18时有人值班。", "遇有汛期、森林防火期等特殊时段，实行24小时值班（含周末和节假日），由镇里统一调度。"),
    ),
    (
        "4",
        "值班人员",
        ("每班不少于2人，其中1人为村干部。", "值班人员（乡镇驻村干部除外）由村里按月排定。", "排班表张贴在门口，方便群众查看。"),
    ),
    ("5", "回应时限", ("群众来电当场答复。", "不能当场答复的，写明“什么时候答复、由谁答复”，最迟3个工作日内办结！")),
    ("6", "交接", ("交班时逐项说明未办完的事项。", "接班人签字后，由接班人负责到底。")),
    ("7", "记录", ("值班记录按年装订，保存5年。", "记录写明时间、事由、经办人和结果。", "群众可以查看与自己有关的记录。")),
)
DUTY_TITLE, DUTY_SOURCE = "关于改进村级值班工作的办法", "（据云溪发布）"


def duty_paragraphs() -> list[str]:
    """The regulation as printed: opening, two parts, five clauses."""
    clauses = [f"{number}.{title}。{''.join(sentences)}" for number, title, sentences in DUTY]
    return [DUTY_OPENING, DUTY_PARTS[0], *clauses[:3], DUTY_PARTS[1], *clauses[3:]]


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def cut(text: str, column: int, *, indent: int = 0) -> list[str]:
    """Lines of at most `column` half characters; a Latin word with its spaces is never broken, a number is."""
    lines, line, room = [], "", column - indent
    for unit in re.findall(r"[A-Za-z]+(?:[ '-][A-Za-z]+)*|.", text):
        if line and width(line) + width(unit) > room:
            lines.append(line)
            line, room = "", column
        line += unit
    return [*lines, line]


def stacked(paragraphs: Sequence[str], column: int) -> list[str]:
    """One column, indents lost, as text copied from a page comes: headings between blank lines, paragraphs after them."""
    lines: list[str] = []
    for paragraph in paragraphs:
        lines += [*cut(paragraph, column, indent=0 if re.match(r"[一二三]、|（", paragraph) else 4), ""]
    return lines


def set_in(paragraphs: Sequence[str], column: int) -> list[str]:
    """One column with indents kept and no blank line."""
    lines: list[str] = []
    for paragraph in paragraphs:
        first, *rest = cut(paragraph, column, indent=4)
        lines += ["　　" + first, *rest]
    return lines


def side_by_side(columns: Sequence[Sequence[str]], column: int) -> list[str]:
    """Columns beside one another with a gutter of four."""
    height = max(len(lines) for lines in columns)
    padded = [[*lines, *[""] * (height - len(lines))] for lines in columns]
    return ["    ".join(line + " " * (column - width(line)) for line in row).rstrip() for row in zip(*padded, strict=True)]
