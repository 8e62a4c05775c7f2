"""The parser of the expression language: by hand, one method for each line of the grammar.

::

    expr      := or
    or        := and ("or" and)*
    and       := not ("and" not)*
    not       := "not" not | compare
    compare   := sum [("=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" "in") sum]
               | sum "is" ["not"] "missing"
    sum       := product (("+" | "-") product)*
    product   := unary (("*" | "/") unary)*
    unary     := "-" unary | primary
    primary   := number[unit] | 'text' | 2025-03-01 | "true" | "false" | "missing"
               | "if" expr "then" expr "else" expr | aggregate | ident "(" [expr ("," expr)*] ")"
               | name | "(" expr ")" | "[" expr ("," expr)* "]"
    aggregate := ("sum" | "distinct" | "min" | "max") sum "of" source tail | "count" source tail
    source    := ident ["." ident]
    tail      := ("where" or ["in" period] | ["in" period] ["where" or]) ["per" ident]
    period    := ident ["(" expr ("," expr)* ")"] | "(" expr ")"
    name      := ident ("." ident)*

A comparison takes one sign only, so that in ``count x where a = 1 in year`` the period belongs to the count;
a condition that is no comparison (``where flag``) would take it, so there the period is written first.
"""

from shuzhi.kernel.expr.lexer import KEYWORDS, ExpressionError, Token, tokens
from shuzhi.kernel.expr.nodes import (
    MISSING,
    Aggregate,
    Binary,
    Call,
    If,
    IsMissing,
    ListOf,
    Literal,
    Name,
    Node,
    Unary,
)
from shuzhi.kernel.expr.spell import spell

__all__ = ["ExpressionError", "parse", "spell"]

_DEEPEST = 30
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_AGGREGATES = frozenset({"sum", "distinct", "min", "max", "count"})


def parse(text: str) -> Node:
    """The formula as a tree of nodes; raises :class:`ExpressionError` with column and hint when it cannot be read."""
    return _Parser(tokens(text)).formula()


def _too_deep(token: Token) -> ExpressionError:
    return ExpressionError("套得太深", token.at, f"最多{_DEEPEST}层，请拆成几个指标")


class _Parser:
    """Reads tokens from left to right; ``_depth`` keeps a hostile text from exhausting the stack."""

    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._place = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._words[self._place]

    def _take(self) -> Token:
        token = self._next
        self._place += token.kind != "end"
        return token

    def _is(self, *texts: str) -> bool:
        return self._next.kind in ("sign", "keyword") and self._next.text in texts

    def _accept(self, *texts: str) -> Token | None:
        return self._take() if self._is(*texts) else None

    def _expect(self, text: str, hint: str = "") -> Token:
        token = self._accept(text)
        if token is None:
            raise ExpressionError(f"这里应为“{text}”，却是“{self._next.text}”", self._next.at, hint)
        return token

    def _ident(self, what: str) -> Token:
        if self._next.kind == "word":
            return self._take()
        hint = f"“{self._next.text}”是语言里的词，不能作名称" if self._next.text in KEYWORDS else ""
        raise ExpressionError(f"这里应为{what}，却是“{self._next.text}”", self._next.at, hint)

    def formula(self) -> Node:
        """The whole text as one expression."""
        if self._next.kind == "end":
            raise ExpressionError("公式是空的", 1)
        node = self._expr()
        if self._next.kind != "end":
            raise ExpressionError(f"多出了“{self._next.text}”", self._next.at, self._left_over())
        return node

    def _left_over(self) -> str:
        if self._next.text in _COMPARISONS:
            return "一次只能比较两个值；要连着比较请用 and"
        if self._next.kind == "word":
            return "两个词之间少了运算符？"
        return "括号是否成对？"

    def _expr(self) -> Node:
        node = self._and()
        while token := self._accept("or"):
            node = Binary("or", node, self._and(), token.at)
        return node

    def _and(self) -> Node:
        node = self._not()
        while token := self._accept("and"):
            node = Binary("and", node, self._not(), token.at)
        return node

    def _not(self) -> Node:
        signs: list[Token] = []
        while token := self._accept("not"):
            signs.append(token)
        if len(signs) > _DEEPEST:
            raise _too_deep(signs[-1])
        node = self._compare()
        for token in reversed(signs):
            node = Unary("not", node, token.at)
        return node

    def _compare(self) -> Node:
        left = self._sum()
        if token := self._accept(*_COMPARISONS):
            return Binary(token.text, left, self._sum(), token.at)
        if token := self._accept("is"):
            negated = self._accept("not") is not None
            self._expect("missing", "is 后面只能是 missing 或 not missing；比较相等请用 =")
            return IsMissing(left, negated, token.at)
        if self._is("not") and self._words[self._place + 1].text == "in":
            token = self._take()
            self._take()
            return Binary("not in", left, self._sum(), token.at)
        if token := self._accept("in"):
            return Binary("in", left, self._sum(), token.at)
        return left

    def _sum(self) -> Node:
        node = self._product()
        while token := self._accept("+", "-"):
            node = Binary(token.text, node, self._product(), token.at)
        return node

    def _product(self) -> Node:
        node = self._unary()
        while token := self._accept("*", "/"):
            node = Binary(token.text, node, self._unary(), token.at)
        return node

    def _unary(self) -> Node:
        signs: list[Token] = []
        while token := self._accept("-"):
            signs.append(token)
        if len(signs) > _DEEPEST:
            raise _too_deep(signs[-1])
        node = self._primary()
        for token in reversed(signs):
            node = Unary("-", node, token.at)
        return node

    def _primary(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _too_deep(self._next)
        node = self._single()
        self._depth -= 1
        return node

    def _single(self) -> Node:
        token = self._next
        if token.kind == "value":
            self._take()
            return Literal(token.value, token.at)
        if token.kind == "word":
            return self._word()
        if token.kind == "keyword":
            return self._keyword()
        if self._accept("("):
            node = self._expr()
            self._expect(")", "括号要成对")
            return node
        if self._accept("["):
            return ListOf(self._until("]"), token.at)
        raise ExpressionError(f"这里应为一个值，却是“{token.text}”", token.at)

    def _word(self) -> Node:
        first = self._take()
        if self._accept("("):
            return Call(first.text, () if self._accept(")") else self._until(")"), first.at)
        parts = [first.text]
        while self._accept("."):
            parts.append(self._ident("名称").text)
        return Name(tuple(parts), first.at)

    def _until(self, closing: str) -> tuple[Node, ...]:
        items = [self._expr()]
        while self._accept(","):
            items.append(self._expr())
        self._expect(closing, "各项之间用半角逗号隔开，括号要成对")
        return tuple(items)

    def _keyword(self) -> Node:
        token = self._next
        if token.text in _AGGREGATES:
            return self._aggregate()
        if token.text == "if":
            return self._if()
        if token.text in ("true", "false"):
            self._take()
            return Literal(token.text == "true", token.at)
        if token.text == "missing":
            self._take()
            return Literal(MISSING, token.at)
        raise ExpressionError(f"这里应为一个值，却是“{token.text}”", token.at)

    def _if(self) -> Node:
        token = self._expect("if")
        test = self._expr()
        self._expect("then", "写法：if 条件 then 值 else 值")
        then = self._expr()
        self._expect("else", "写法：if 条件 then 值 else 值")
        return If(test, then, self._expr(), token.at)

    def _aggregate(self) -> Node:
        how = self._take()
        column: Node | None = None
        if how.text != "count":
            column = self._sum()
            self._expect("of", f"写法：{how.text} 列 of 台账；几个值取大小请用 greatest、least")
        source = self._ident("台账的代码").text
        if self._accept("."):
            source = f"{source}.{self._ident('台账的一部分').text}"
        period = self._period() if self._accept("in") else None
        where = self._expr() if self._accept("where") else None
        if period is None and self._accept("in"):
            period = self._period()
        per = self._ident("分组的列").text if self._accept("per") else ""
        return Aggregate(how.text, column, source, where, period, per, how.at)

    def _period(self) -> Node:
        if self._accept("("):
            node = self._expr()
            self._expect(")", "括号要成对")
            return node
        first = self._ident("时段（year、lastyear、month、quarter 或 year(2024)）")
        if self._accept("("):
            return Call(first.text, self._until(")"), first.at)
        return Name((first.text,), first.at)
