"""Every sentence that code and templates give to gettext, read from their syntax: no program outside Python is needed.

Reads what xgettext cannot (f-strings) and the templates as Django itself will, so a sentence found here is the very
one that will be looked up.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template import Engine, engines
from django.template.base import Lexer, Node, NodeList, TokenType
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(__file__).resolve().parent.parent
CODE = ("platform", "services_catalog", "onboarding", "integrations", "tenants")
TEMPLATES = "templates"

PLAIN = {"gettext", "gettext_lazy", "gettext_noop", "gettext_marker"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
PLURAL_CONTEXT = {"npgettext", "npgettext_lazy"}
ALL = PLAIN | PLURAL | CONTEXT | PLURAL_CONTEXT

_MARKED_IN_A_TAG = re.compile(r"""\b_\((?:"([^"]*)"|'([^']*)')\)""")


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """A sentence of the source: its text, the text for many (empty when there is none), its context, its file."""

    file: str
    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What the catalogue knows it by."""
        return self.context, self.text


def sentences() -> Iterator[Sentence]:
    """Yield every sentence of the project, file by file; the same one may come from several files."""
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from in_code(path.read_text(encoding="utf-8"), _name(path))
    engine = engines["django"].engine
    for path in sorted((ROOT / TEMPLATES).rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield from in_template(path.read_text(encoding="utf-8"), _name(path), engine)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def in_code(source: str, file: str) -> Iterator[Sentence]:
    """Yield the literal sentences of one module; one that is a variable was literal somewhere else."""
    tree = ast.parse(source)
    names = {"_": "gettext"} | {name: name for name in ALL}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: alias.name for alias in node.names if alias.name in ALL}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = names.get(called.id) if isinstance(called, ast.Name) else getattr(called, "attr", None)
            words = [word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
            if name in ALL and words:
                yield _of_call(name, words, file)


def _of_call(name: str, words: list[str], file: str) -> Sentence:
    """The sentence of one call, by the order of the arguments of each function."""
    if name in PLAIN:
        return Sentence(file, words[0])
    if name in PLURAL:
        return Sentence(file, words[0], words[1])
    if name in CONTEXT:
        return Sentence(file, words[1], context=words[0])
    return Sentence(file, words[1], words[2], words[0])


def in_template(source: str, file: str, engine: Engine) -> Iterator[Sentence]:
    """Yield the sentences of one template: its tags `translate` and `blocktranslate`, and the marked arguments."""
    for token in Lexer(source).tokenize():
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            for double, single in _MARKED_IN_A_TAG.findall(token.contents):
                yield Sentence(file, double or single)
    for node in _nodes(engine.from_string(source).nodelist):
        if isinstance(node, TranslateNode):
            literal = node.filter_expression.var.literal
            if isinstance(literal, str):
                yield Sentence(file, literal, context=_context(node))
        elif isinstance(node, BlockTranslateNode):
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield Sentence(file, node.render_token_list(node.singular)[0], plural, _context(node))


def _context(node: TranslateNode | BlockTranslateNode) -> str:
    return str(node.message_context.var) if node.message_context else ""


def _nodes(found: NodeList) -> Iterator[Node]:
    """Yield the nodes of a list and all that stand within them."""
    for node in found:
        yield node
        for inner in vars(node).values():
            if isinstance(inner, NodeList):
                yield from _nodes(inner)
        for _condition, inner in getattr(node, "conditions_nodelists", ()):
            yield from _nodes(inner)
