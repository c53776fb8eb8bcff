"""Arithmetic that a sentence shows: "27.2 - 26.8 = 0.4", "(6 + 5 + 8) / 3 = 6.33"."""

import ast
import operator
import re
from collections.abc import Callable

_SUM = re.compile(
    r"(?<![\w.])(?P<sum>\(?\d[\d.()\s+\-−–*×/%]*[\d)%])\s*(?P<equals>=|≈)\s*(?P<result>[-−]?\d+(?:\.\d+)?)(?!\.?\d)(?P<share>\s?%)?"
)
_DONE: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def without_results(text: str) -> str:
    """The text without what its right sums come to, so that only their operands need a source; how many numbers an
    average is of counts as a result. A sum that is wrong stays whole."""
    return _SUM.sub(lambda m: _operands(m) if _comes_out(m) else m.group(), text)


def _comes_out(match: re.Match[str]) -> bool:
    """Whether a sum comes to its result; a quotient may be given in per cent."""
    share = bool(match["share"]) and "/" in match["sum"]
    return is_right(match["sum"], match["result"]) or (share and is_right(match["sum"], match["result"], per=100))


def is_right(sum_: str, result: str, per: int = 1) -> bool:
    """Whether a sum, times `per`, comes to the result, at the digits that the result shows."""
    value = evaluate(sum_)
    value = None if value is None else per * value
    digits = len(result.partition(".")[2])
    shown = float(result.replace("−", "-"))
    return value is not None and abs(value - shown) <= 0.5 * 10**-digits + 1e-9


def evaluate(sum_: str) -> float | None:
    """What an expression of numbers, + - * / and brackets comes to; None for anything else."""
    plain = re.sub(r"[−–]", "-", sum_).replace("×", "*").replace("%", "")
    try:
        return _value(ast.parse(plain.strip(), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError):
        return None


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.BinOp) and type(node.op) in _DONE:
        return _DONE[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    raise ValueError("no plain arithmetic")


def _operands(match: re.Match[str]) -> str:
    """The operands of a sum alone; of an average without the count that it is divided by."""
    average = re.fullmatch(r"\(([^()]*)\)\s*/\s*(\d+)", match["sum"].strip())
    if average and int(average.group(2)) == len(re.findall(r"\d+(?:\.\d+)?", average.group(1))):
        return f"{average.group(1)} "
    return f"{match['sum']} "
