"""Invented persons: common given names put together by dice, ID numbers that pass their check digit. No one real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏"
    "吕丁任沈姚卢姜崔钟谭陆汪范石廖贾韦夏付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱"
    "严覃武戴莫孔向汤"
)
_HAN_MALE = "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林建国文志海东云天成德"
_HAN_FEMALE = "芳娜敏静丽艳娟霞秀兰英玲桂红燕萍雪梅琳洁莉婷雨晨欣怡佳慧颖倩蓉菊琴云"
_TIBETAN_MALE = (
    "扎西",
    "多吉",
    "洛桑",
    "丹增",
    "旺堆",
    "仁青",
    "四郎",
    "泽仁",
    "尼玛",
    "巴桑",
    "降央",
    "呷绒",
    "登巴",
    "格勒",
    "扎巴",
    "罗布",
)
_TIBETAN_FEMALE = (
    "卓玛",
    "央金",
    "拉姆",
    "曲珍",
    "白玛",
    "志玛",
    "拥忠",
    "德吉",
    "措姆",
    "青措",
    "康珠",
    "益西",
    "邓珠",
    "翁姆",
    "桑姆",
    "仁措",
)
_TIBETAN_ANY = (
    "次仁",
    "格桑",
    "达瓦",
    "洛绒",
    "阿旺",
    "桑珠",
    "根秋",
    "生龙",
    "土登",
    "贡布",
    "江措",
    "正呷",
    "昂旺",
    "俄色",
    "西绕",
    "吉美",
)
_YI = ("阿木", "拉铁", "木果", "日哈", "子古", "阿呷", "伍果", "尔古", "史布", "阿依")
_YI_CLANS = ("吉克", "阿尔", "沙马", "马海", "曲比", "木乃")

_NATIONS = (("藏族", 62), ("汉族", 29), ("彝族", 6), ("羌族", 2), ("回族", 1))
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LETTERS = "10X98765432"
ID_AREAS = ("513321", "513322", "513323", "513324", "513325", "513326", "513327", "513328", "513329", "513330", "513331",
            "513332", "513333", "513334", "513335", "513336", "513337", "513338", "513221", "513225", "511822", "510121")  # fmt: skip


@dataclass(frozen=True)
class Person:
    """An invented person. `id_number` passes its check digit and agrees with birth date and sex."""

    name: str
    sex: str
    nation: str
    birth: date
    id_number: str
    phone: str


def check_letter(first_17: str) -> str:
    """The 18th character of a resident's ID number (GB 11643)."""
    return _LETTERS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def id_number(dice: Random, *, birth: date, sex: str) -> str:
    """An 18-character number of a county nearby whose 17th digit agrees with the sex."""
    order = dice.randrange(100, 500) * 2 + (1 if sex == "男" else 0)
    first = f"{dice.choice(ID_AREAS)}{birth:%Y%m%d}{order:03d}"
    return first + check_letter(first)


def person(dice: Random, *, born_from: int, born_to: int, taken: set[str]) -> Person:
    """One person born in the given years. `taken` holds ID numbers given out so far and is added to."""
    sex = "女" if dice.random() < 0.57 else "男"
    nation = dice.choices([n for n, _ in _NATIONS], [w for _, w in _NATIONS])[0]
    birth = date(born_from, 1, 1) + timedelta(days=dice.randrange((born_to - born_from + 1) * 365))
    number = id_number(dice, birth=birth, sex=sex)
    while number in taken:
        number = id_number(dice, birth=birth, sex=sex)
    taken.add(number)
    phone = f"1{dice.choice('3589')}{dice.randrange(10):01d}{dice.randrange(100_000_000):08d}"
    return Person(_name(dice, sex=sex, nation=nation), sex, nation, birth, number, phone)


def _name(dice: Random, *, sex: str, nation: str) -> str:
    if nation == "藏族":
        own = dice.choice(_TIBETAN_MALE if sex == "男" else _TIBETAN_FEMALE)
        other = dice.choice(_TIBETAN_ANY)
        return other + own if dice.random() < 0.7 else own + other
    if nation == "彝族":
        return dice.choice(_YI_CLANS) + dice.choice(_YI)
    letters = _HAN_MALE if sex == "男" else _HAN_FEMALE
    count = 2 if dice.random() < 0.75 else 1
    return dice.choice(_SURNAMES) + "".join(dice.choice(letters) for _ in range(count))
