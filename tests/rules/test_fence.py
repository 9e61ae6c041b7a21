"""What a rules.py may not hold: bad rules, break-outs, files that are too much. Each is refused with id, line, column, reason."""

from __future__ import annotations

import pytest

from jiceng.base.kinds import AnswerKind
from jiceng.rules.language import Unanswerable
from tests.rules.writing import HEAD, findings, read, rule, written

BAD = [
    ("a: int, b: int", "return a // b", "int", "rules.forbidden", 7, "不能用“//”：舍入要由条文写明，请用 divide(被除数, 除数, 舍入)"),
    ("a: int, b: int", "return a % b", "int", "rules.forbidden", 7, "不能用“%”：舍入要由条文写明，请用 divide(被除数, 除数, 舍入)"),
    ("a: int, b: int", "return a ** b", "int", "rules.forbidden", 7, "不能用“**”：请逐次相乘"),
    ("a: int", "return a + 0.5", "int", "rules.forbidden", 7, "不能用小数：数值请写进 values.yaml"),
    ("a: int", "return a + 0x" + "f" * 9_000, "int", "rules.forbidden", 7, "不能用这样的常量：数值请写进 values.yaml"),
    ("a: int", 'return ambiguous("不明", 0x' + "f" * 16 + ")", "int", "rules.forbidden", 7, "不能用这样的常量：数值请写进 values.yaml"),
    ("a: int", "return a + 3", "int", "rules.number", 7, "数 3 请写进 values.yaml，规则里只写 0 和 1"),
    ("a: int", 'return "文本"', "int", "rules.forbidden", 7, "规则里不能用文本：请用代码表"),
    ("a: int", "return [a]", "int", "rules.forbidden", 7, "不能用“列表”"),
    ("a: int", "while a > 0:\n    return 1\nreturn 0", "int", "rules.forbidden", 7, "不能用“while”"),
    ("a: int", "try:\n    return a\nexcept TypeError:\n    return 0", "int", "rules.forbidden", 7, "不能用“try”"),
    ("a: int", "raise a", "int", "rules.forbidden", 7, "不能用“raise”"),
    ("a: int", "import os\nreturn a", "int", "rules.forbidden", 7, "不能用“import”"),
    ("a: int", "f = lambda x: x\nreturn a", "int", "rules.forbidden", 7, "不能用“lambda”"),
    ("p: Post", "return 1 if p in (Post.staff, Post.grid) else 0", "int", "rules.forbidden", 7,
     "不能用“in”：请逐个比较，或改用 values.yaml 里的表"),
    ("a: int = None", "return 1 if a is None else a", "int", "rules.forbidden", 7, "不能用“is”：有没有请用 known(…)，相等请用 =="),
    ("a: Yuan, b: Ratio", "return a * b", "Yuan", "rules.unit", 7, "金额与比例不能这样相乘：金额乘比例请用 times(金额, 比例, 舍入)"),
    ("a: Yuan, b: int", "return a + b", "Yuan", "rules.unit", 7, "金额与整数不能相加"),
    ("a: Date, b: Date", "return a + b", "Date", "rules.unit", 7, "日期与日期不能相加"),
    ("p: Post, e: EducationLevel", "return p == e", "bool", "rules.unit", 7, "代码 Post与代码 EducationLevel不能这样比较"),
    ("t: Table[Post, Yuan], e: EducationLevel", "return t[e]", "Yuan", "rules.unit", 7, "表的行列要代码 Post，这里是代码 EducationLevel"),
    ("t: Table[Post, int, Yuan], p: Post", "return t[p]", "Yuan", "rules.unit", 7, "这张表有 2 个方向（代码 Post、整数），写了 1 个"),
    ("a: Yuan", "return a", "int", "rules.unit", 7, "结果要整数，这里是金额"),
    ("a: int", "if a:\n    return 1\nreturn 0", "int", "rules.unit", 7, "条件要是“是否”，这里是整数：请写成比较"),
    ("a: int", "if a > 0:\n    y = 1\nreturn y", "int", "rules.assigned", 9, "“y”不是每条路都赋过值：请先给它一个初值"),
    ("a: int", "for i in range(1):\n    y = 1\nreturn y", "int", "rules.assigned", 9, "“y”不是每条路都赋过值：请先给它一个初值"),
    ("a: int", "if a > 0:\n    return 1", "int", "rules.return", 7, "不是每条路都有 return：请补上其余情形的结果"),
    ("a: int", "return 1\nreturn a", "int", "rules.unreachable", 8, "这一行永远执行不到"),
    ("a: int", "a = 1\nreturn a", "int", "rules.redefined", 7, "“a”是输入或记录，不能再赋值：请另取一个名字"),
    ("a: int", "year = a\nreturn year", "int", "rules.redefined", 7, "“year”是规则语言里的词，不能另作他用"),
    ("a: int", "for i in range(1000):\n    a == 1\nreturn a", "int", "rules.forbidden", 8, "不能用“不起作用的表达式”"),
    ("a: int", "n = 0\nfor i in range(101):\n    n += 1\nreturn n", "int", "rules.range", 8, "range 里只能写 0 至 100 的整数，一个或两个"),
    ("a: int", "n = 0\nfor i in range(a):\n    n += 1\nreturn n", "int", "rules.range", 8, "range 里只能写 0 至 100 的整数，一个或两个"),
    ("h: History[Assessment]", "for a in h:\n    return a.scores\nreturn 0", "int", "rules.record", 8, "字段“scores”是文本，不进规则"),
    ("h: History[Assessment]", "for a in h:\n    return a.mark\nreturn 0", "int", "rules.record", 8,
     "“年度考核”的记录没有字段“mark”，有：since、until、place、year、result"),
    ("p: Post", "return p == Post.boss", "bool", "rules.code", 7,
     "代码表 Post 里没有“boss”，有：secretary_director、secretary、director、deputy_secretary、deputy_director、committee、staff、grid、"
     "station、station_head、station_deputy"),
    ("a: int", 'x = ambiguous("不明")\nreturn a', "int", "rules.outcome", 7, "ambiguous(…) 只能紧跟在 return 后面"),
    ("a: int", "return ambiguous(a)", "int", "rules.outcome", 7, "ambiguous 的第一个输入是理由，要写成文本"),
    ("a: int", "return known(a)", "bool", "rules.known", 7, "“a”必有，不用问；要问请写 a: … = None"),
    ("a: int", "return None", "int", "rules.forbidden", 7, "None 只能作输入的缺省；有没有请用 known(…)"),
    ("a: int, r: Rounding", "return divide(a, a, Rounding.down)", "int", "rules.unit", 7,
     "取整由条文写明：请作为输入（…: Rounding），不要写死在规则里"),
    ("a: int", "return yeer(a)", "int", "rules.name", 7, "没有“yeer”这个词。是否想写：year"),
    ("amount: int", "return amuont", "int", "rules.name", 7, "“amuont”没有定义。是否想写：amount"),
    ("a: int", "n = 0\nfor i in range(2):\n    for j in range(2):\n        for k in range(2):\n            n += 1\nreturn n", "int",
     "rules.range", 10, "for 套 for 不得超过 2 层"),
    ("a: int = 3", "return a", "int", "rules.default", 5, "缺省与类型不符，应是整数：0、1 以外的数请写进 values.yaml"),
    ("a: Date = 0", "return a", "Date", "rules.default", 5, "缺省与类型不符，应是日期"),
    ("a: text", "return 0", "int", "rules.annotation", 5, "不认识的类型“text”"),
    ("a", "return 0", "int", "rules.annotation", 5, "缺类型：每个输入和结果都要写明类型"),
    ("birth_date: int", "return birth_date", "int", "rules.type_differs", 5, "“birth_date”在词表里是 Date，这里写成 int"),
    ("assessments: History[Training]", "return len(assessments)", "int", "rules.type_differs", 5,
     "“assessments”在词表里是 履历 Assessment，这里写成 History[Training]"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "body", "result", "id", "line", "message"), BAD)
def test_bad_rule_is_refused_once_with_reason(arguments, body, result, id, line, message):
    assert findings(written(arguments, body, result)) == [(id, line, message)]


BREAK_OUTS = [
    ("dunder attribute", written("a: int", "return a.__class__")),
    ("attribute of a call", written("a: int", "return max(a, a).real")),
    ("call of an attribute", written("a: int", "return a.bit_length()")),
    ("keyword argument", written("a: int", "return max(a, a, key=().__class__)")),
    ("keyword argument of a plain name", written("a: int", "return max(a, a, key=a)")),
    ("star argument", written("a: int", "return max(*(a, a))")),
    ("builtin", written("a: int", "return eval(a)")),
    ("builtins by name", written("a: int", "return __builtins__")),
    ("code in a default", written("a: int = print(1)", "return a")),
    ("code in the mark", written("a: int", "return a", mark='clause="1", title=open("/etc/passwd").read()')),
    ("code in names", written("a: int", "n = a\nreturn n", mark='clause="1", title="试", names={"n": str(1)}')),
    ("format in the mark", written("a: int", "return a", mark='clause="1", title=f"{print(1)}"')),
    ("code in an annotation", written("a: print(1)", "return a")),
    ("code in a nested annotation", written("a: Table[Post, print(1)]", "return a")),
    ("code as the result type", written("a: int", "return a", result="(print(1), int)[1]")),
    ("a word redefined", HEAD + '@rule(clause="1", title="试")\ndef times(a: int) -> int:\n    """试。"""\n    return a\n'),
    ("a word as argument", written("times: int", "return times")),
    ("a code list as local", written("a: int", "Post = a\nreturn Post")),
    ("a made word as local", written("a: int", "plus = a\nreturn plus + a")),
    ("a second mark", HEAD + '@print\n@rule(clause="1", title="试")\ndef f(a: int) -> int:\n    """试。"""\n    return a\n'),
    ("a function without a mark", HEAD + "def f(a: int) -> int:\n    return a\n"),
    ("a statement at the top", HEAD + "print(1)\n"),
    ("an import of something else", "import os\n"),
    ("an import from something else", "from os import system\n"),
    ("everything from the rules", "from jiceng.rules import *\n"),
    ("a private name from the rules", "from jiceng.rules import source\n"),
    ("an alias", "from jiceng.rules import year as rule\n"),
    ("a relative import", "from . import rule\n"),
    ("a class", HEAD + "class A:\n    pass\n"),
    ("a walrus", written("a: int", "return (b := a)")),
    ("a comprehension", written("a: int", "return max(x for x in (a, a))")),
    ("a yield", written("a: int", "yield a")),
    ("a nested function", written("a: int", "def g():\n    return 1\nreturn a")),
    ("an attribute set", written("a: int", "a.x = 1\nreturn a")),
    ("a cell set", written("t: Table[Post, int], p: Post", "t[p] = 1\nreturn 0")),
    ("a keyword-only argument", written("*, a: int", "return a")),
    ("all arguments", written("*a: int", "return 0")),
    ("every argument by name", written("**a: int", "return 0")),
    ("an argument with an underscore", written("_F: int", "return _F")),
    ("a rule with an underscore", HEAD + '@rule(clause="1", title="试")\ndef _rule(a: int) -> int:\n    """试。"""\n    return a\n'),
    ("a builtin in full width", written("a: int", "return ｅｖａｌ(a)")),
    ("a pattern", written("a: int", "match a:\n    case int(real=x):\n        return x\nreturn 0")),
    ("a formatted reason", written("a: int", 'return ambiguous(f"{print(1)}")')),
    ("a formatted explanation", written("a: int", "return a").replace('"""试。"""', 'f"{print(1)}"')),
    ("an asynchronous rule", written("a: int", "return a").replace("def tried", "async def tried")),
    ("code in a text annotation", written("a: 'print(1)'", "return a")),
    ("a mark by stars", written("a: int", "return a").replace('@rule(clause="1", title="试")', '@rule(**{"clause": "1", "title": "试"})')),
    ("a function as the mark", written("a: int", "return a").replace('@rule(clause="1", title="试")', "@(lambda f: f)")),
    ("a global name", written("a: int", "global rule\nreturn a")),
    ("a local with code as its type", written("a: int", "b: print(1) = a\nreturn b")),
    ("an attribute as the loop's name", written("h: History[Assessment]", "for a.x in h:\n    return 1\nreturn 0")),
    ("the fields of a record all at once", written("h: History[Assessment]", "for a in h:\n    return a.values\nreturn 0")),
    ("the inside of a code list", written("a: int", "return Post.by_id")),
    ("a history as an answer", written("h: History[Assessment]", "return h")),
    ("a record outside its loop", written("h: History[Assessment]", "for a in h:\n    a.year == 1\nreturn a.year")),
    ("bytes", written("a: int", "return a + b'1'")),
    ("a slice", written("t: Table[Post, int], p: Post", "return t[p:p]")),
]


@pytest.mark.parametrize("text", [text for _name, text in BREAK_OUTS], ids=[name for name, _text in BREAK_OUTS])
def test_break_out_gives_no_rule(text, capsys):
    rules, problems = read(text)
    assert rules == ()
    assert len(problems) >= 1
    assert capsys.readouterr().out == ""


def test_columns_count_characters():
    problem = read(written("a: int, b: int", 'return ambiguous("不明") if a > b else a // b'))[1][0]
    assert (problem.line, problem.column) == (7, len('    return ambiguous("不明") if a > b else ') + 1)
    assert str(problem).startswith("rules.py 第 7 行第 42 列：不能用“//”")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_count_them(newline):
    text = written("a: int, b: int", 'return ambiguous("不\u2028明\x0c") if a > b else a // b').replace("\n", newline)
    problem = read(text)[1][0]
    assert (problem.line, problem.column) == (7, 44)


def test_every_finding_of_a_file_is_reported_at_once():
    text = (
        written("a: int", "return a // a") + '\n@rule(clause="2", title="又")\ndef second(a: int) -> int:\n    """又。"""\n    return b\n'
    )
    assert [found[0] for found in findings(text)] == ["rules.forbidden", "rules.name"]


def test_one_bad_rule_leaves_the_others():
    text = (
        written("a: int", "return a // a") + '\n@rule(clause="2", title="又")\ndef second(a: int) -> int:\n    """又。"""\n    return a\n'
    )
    assert [r.id for r in read(text)[0]] == ["second"]


def test_a_name_not_imported_is_named():
    text = (
        'from jiceng.rules import rule, Date\n\n@rule(clause="1", title="试")\ndef f(d: Date) -> int:\n    """试。"""\n    return year(d)\n'
    )
    assert findings(text) == [("rules.import", 6, "请在文件开头写 from jiceng.rules import year")]


@pytest.mark.parametrize(
    "text",
    [
        written("a: int", "return " + "(" * 300 + "a" + ")" * 300),
        written("a: int", "return " + "not " * 5_000 + "True"),
        written("a: int", "return a" + " + a" * 20_000),
        written("a: int", "return " + "-" * 5_000 + "a"),
        written("a: int", "\n".join("    " * n + f"if a > {n % 2}:" for n in range(90)) + "\n" + "    " * 90 + "return a\nreturn a"),
    ],
    ids=["brackets", "not", "plus", "minus", "if"],
)
def test_deep_nesting_is_refused(text):
    rules, problems = read(text)
    assert rules == ()
    assert [problem.id for problem in problems] == ["rules.too_deep"]


def test_a_ten_megabyte_file_is_refused():
    assert findings("# 长\n" * 2_500_000) == [("rules.too_large", 0, "文件过大：规则文件不得超过 200 KB")]


@pytest.mark.parametrize("text", ["def f(:\n", "a = '", "x = \x00", "\tif\n  x"])
def test_text_that_is_no_python_is_refused(text):
    rules, problems = read(text)
    assert rules == ()
    assert [problem.id for problem in problems] == ["rules.syntax"]


def test_none_compared_added_or_passed_to_min_is_missing_not_a_number():
    for body in ("return a + 1", "return min(a, 1)", "return 1 if a == 1 else 0", "return 1 if a < 1 else 0", "return -a", "return a"):
        function = rule("a: int = None", body).function
        with pytest.raises(Unanswerable) as caught:
            function(None)
        assert caught.value.kind is AnswerKind.missing
        assert isinstance(function(1), int)
    assert rule("a: int = None", "return a if known(a) else 0").function(None) == 0


def test_a_rule_reaches_nothing_but_its_words():
    function = rule("a: int", "return a").function
    assert function.__globals__["__builtins__"] == {}
    assert {name for name in function.__globals__ if not callable(function.__globals__[name])} == {"__builtins__"}
