"""The fence: what syntax a rules.py may hold at all. One walk over the tree before anything is made of it.

A folder may arrive on a memory stick, so this is an allow-list: what is not named here is refused. Columns in messages
count characters (Python's count UTF-8 bytes).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from jiceng.base.refusals import Problem
from jiceng.rules.language import BUILT_IN, HIGH, IMPORTABLE, RESERVED, did_you_mean
from jiceng.terms.registry import Terms

LARGEST = 200_000
DEEPEST = 60

_WORDS_INSTEAD = {
    ast.FloorDiv: ("//", "舍入要由条文写明，请用 divide(被除数, 除数, 舍入)"),
    ast.Div: ("/", "舍入要由条文写明，请用 divide(被除数, 除数, 舍入) 或 ratio(被除数, 除数)"),
    ast.Mod: ("%", "舍入要由条文写明，请用 divide(被除数, 除数, 舍入)"),
    ast.Pow: ("**", "请逐次相乘"),
    ast.MatMult: ("@", "规则里没有矩阵"),
    ast.LShift: ("<<", "规则里没有位运算"),
    ast.RShift: (">>", "规则里没有位运算"),
    ast.BitOr: ("|", "规则里没有位运算，条件请用 or"),
    ast.BitAnd: ("&", "规则里没有位运算，条件请用 and"),
    ast.BitXor: ("^", "规则里没有位运算"),
    ast.Invert: ("~", "规则里没有位运算，条件请用 not"),
    ast.UAdd: ("+", "正号不必写"),
    ast.In: ("in", "请逐个比较，或改用 values.yaml 里的表"),
    ast.NotIn: ("not in", "请逐个比较，或改用 values.yaml 里的表"),
    ast.Is: ("is", "有没有请用 known(…)，相等请用 =="),
    ast.IsNot: ("is not", "有没有请用 known(…)，不等请用 !="),
}
_STATEMENTS = (ast.Return, ast.Assign, ast.AugAssign, ast.If, ast.For, ast.Continue, ast.Break)
_EXPRESSIONS = (
    ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Attribute,
    ast.Subscript, ast.Tuple,
)  # fmt: skip
_SMALL = (
    ast.Load, ast.Store, ast.Add, ast.Sub, ast.Mult, ast.USub, ast.Not, ast.And, ast.Or,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
)  # fmt: skip
_NAMED = {
    ast.While: "while", ast.Try: "try", ast.Raise: "raise", ast.With: "with", ast.Lambda: "lambda", ast.Import: "import",
    ast.ImportFrom: "import", ast.Global: "global", ast.Nonlocal: "nonlocal", ast.Assert: "assert", ast.Delete: "del",
    ast.Pass: "pass", ast.ClassDef: "class", ast.FunctionDef: "规则里再写函数", ast.AsyncFunctionDef: "async",
    ast.Await: "await", ast.Yield: "yield", ast.YieldFrom: "yield", ast.NamedExpr: ":=", ast.AnnAssign: "带类型的赋值",
    ast.JoinedStr: "文本", ast.List: "列表", ast.Dict: "字典", ast.Set: "集合", ast.ListComp: "推导式", ast.SetComp: "推导式",
    ast.DictComp: "推导式", ast.GeneratorExp: "推导式", ast.Starred: "*", ast.Slice: "切片", ast.Expr: "不起作用的表达式",
    ast.Match: "match",
}  # fmt: skip


@dataclass
class Report:
    """The findings of one file, and its lines, so that columns come out in characters."""

    path: str
    lines: list[str]
    problems: list[Problem] = field(default_factory=list)

    def add(self, id: str, message: str, node: ast.AST | None = None) -> None:
        line, offset = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
        column = 0
        if line and line <= len(self.lines):
            column = len(self.lines[line - 1].encode()[:offset].decode(errors="ignore")) + 1
        self.problems.append(Problem(id, message, self.path, line, column))


def parse(text: str, report: Report) -> ast.Module | None:
    """The syntax tree, or None with a finding: too large, too deep, not Python."""
    if len(text.encode(errors="replace")) > LARGEST:
        report.add("rules.too_large", f"文件过大：规则文件不得超过 {LARGEST // 1000} KB")
        return None
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        deep = "too many nested" in str(error.msg)
        message = "嵌套过深" if deep else f"Python 写法有误：{error.msg}"
        report.problems.append(
            Problem("rules.too_deep" if deep else "rules.syntax", message, report.path, error.lineno or 0, error.offset or 0)
        )
        return None
    except (RecursionError, MemoryError):
        report.add("rules.too_deep", "嵌套过深")
        return None
    except ValueError:
        report.add("rules.syntax", "文件里有不能读的字符")
        return None
    deepest, node = _depth(tree)
    if deepest > DEEPEST:
        report.add("rules.too_deep", f"嵌套过深：不得超过 {DEEPEST} 层", node)
        return None
    return tree


def _depth(tree: ast.AST) -> tuple[int, ast.AST]:
    # Not recursive: it must survive what it is there to refuse. `elif` counts as one level each.
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    deepest: tuple[int, ast.AST] = (0, tree)
    while stack:
        node, depth = stack.pop()
        if depth > deepest[0] and hasattr(node, "lineno"):
            deepest = (depth, node)
        stack.extend((child, depth + 1) for child in ast.iter_child_nodes(node))
    return deepest


def functions(tree: ast.Module, terms: Terms, report: Report) -> tuple[list[ast.FunctionDef], set[str]]:
    """The functions of a file and the names its import lines bring in; anything else at the top is refused."""
    found: list[ast.FunctionDef] = []
    imported: set[str] = set(BUILT_IN)
    for index, node in enumerate(tree.body):
        if isinstance(node, ast.ImportFrom):
            imported |= _imports(node, terms, report)
        elif isinstance(node, ast.FunctionDef):
            found.append(node)
        elif not (index == 0 and _is_text(node)):
            report.add("rules.top", "文件里只能有说明、from … import 和带 @rule 或 @total 的函数", node)
    seen: set[str] = set()
    for function in found:
        if function.name in seen:
            report.add("rules.redefined", f"规则“{function.name}”写了两次", function)
        seen.add(function.name)
    return found, imported


def _imports(node: ast.ImportFrom, terms: Terms, report: Report) -> set[str]:
    known: dict[str, set[str]] = {
        "jiceng.rules": set(IMPORTABLE),
        "jiceng.terms": {*terms.codes, *terms.kind_of_record},
    }
    if node.level or node.module not in known:
        report.add("rules.import", "只能写 from jiceng.rules import … 和 from jiceng.terms import …", node)
        return set()
    names: set[str] = set()
    for alias in node.names:
        if alias.name == "*":
            report.add("rules.import", "请逐个写出要用的词，不用 *", node)
        elif alias.asname:
            report.add("rules.import", f"不能给“{alias.name}”另起名字", node)
        elif alias.name not in known[node.module]:
            hint = did_you_mean(alias.name, known[node.module])
            report.add("rules.import", f"{node.module} 里没有“{alias.name}”{hint}", node)
        else:
            names.add(alias.name)
    return names


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def allowed(function: ast.FunctionDef, report: Report) -> bool:
    """Walk one function's body: allowed syntax only. True if nothing was found."""
    before = len(report.problems)
    body = function.body[1:] if _is_text(function.body[0]) else function.body
    stack: list[ast.AST] = list(reversed(body))
    while stack:
        node = stack.pop()
        if not _node_allowed(node, report):
            continue
        stack.extend(reversed(list(ast.iter_child_nodes(node))))
    return len(report.problems) == before


def _node_allowed(node: ast.AST, report: Report) -> bool:
    if not isinstance(node, (*_STATEMENTS, *_EXPRESSIONS, *_SMALL)):
        report.add("rules.forbidden", f"不能用{_quoted(_NAMED.get(type(node), type(node).__name__))}", node)
        return False
    operators: list[ast.AST] = []
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.UnaryOp):
        operators = [node.op]
    elif isinstance(node, ast.Compare):
        operators = list(node.ops)
    for operator in operators:
        if type(operator) in _WORDS_INSTEAD:
            sign, instead = _WORDS_INSTEAD[type(operator)]
            report.add("rules.forbidden", f"不能用“{sign}”：{instead}", node)
            return False
    return _shape_allowed(node, report)


def _shape_allowed(node: ast.AST, report: Report) -> bool:
    if isinstance(node, ast.Name) and node.id.startswith("_"):
        report.add("rules.attribute", f"名字不能以下划线开头：{node.id}", node)
    elif isinstance(node, ast.Attribute) and (not isinstance(node.value, ast.Name) or node.attr.startswith("_")):
        report.add("rules.attribute", f"“.{node.attr}”不能用：点号只能用在记录的字段和代码表的条目上", node)
    elif isinstance(node, ast.Subscript) and not isinstance(node.value, ast.Name):
        report.add("rules.forbidden", "方括号只能用在表的名字后面", node)
    elif isinstance(node, ast.Call) and not isinstance(node.func, ast.Name):
        report.add("rules.attribute", "只能调用规则语言里的词", node)
    elif isinstance(node, ast.Call) and node.keywords:
        report.add("rules.forbidden", "调用时不能写“名字=”，请按次序写", node)
    elif isinstance(node, ast.Constant) and not _constant_allowed(node):
        what = "小数" if isinstance(node.value, float | complex) else "这样的常量"
        report.add("rules.forbidden", f"不能用{what}：数值请写进 values.yaml", node)
    elif isinstance(node, ast.For) and node.orelse:
        report.add("rules.forbidden", "for 后面不能有 else", node)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in RESERVED:
        report.add("rules.redefined", f"“{node.id}”是规则语言里的词，不能另作他用", node)
    else:
        return True
    return False


def _constant_allowed(node: ast.Constant) -> bool:
    # Text only stands in the words of refusal, None nowhere: the unit checker says so where it meets them.
    if isinstance(node.value, int):
        return abs(node.value) < HIGH
    return node.value is None or isinstance(node.value, str)


def _quoted(text: str) -> str:
    return f"“{text}”"
