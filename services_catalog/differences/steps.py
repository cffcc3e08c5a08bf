"""What changes in a part of a tariff: its fields, its grids, the steps it holds, each after whom it is for."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from django.utils.translation import gettext as _

from services_catalog.describing_cases import who
from services_catalog.describing_fees import reduction_row
from services_catalog.differences.phrases import subject, value_words
from services_catalog.differences.rows import row_sentences, row_values
from services_catalog.differences.sentences import LIMITS, STEPS, field_sentence
from services_catalog.fee_table import (
    AddedUp,
    BestOf,
    ConditionDiscount,
    Discount,
    Exemption,
    FixedPrice,
    IseeDiscounts,
    Matrix,
    SiblingDiscounts,
    SiblingPrices,
    Surcharge,
    Tariff,
    When,
)
from services_catalog.grids.columns import columns_of, is_flat
from services_catalog.grids.pieces import value_at
from services_catalog.grids.words import TITLES, Words

type Names = Mapping[str, str]

_REDUCTIONS = (
    SiblingDiscounts, SiblingPrices, Exemption, ConditionDiscount, Discount, FixedPrice, Surcharge, IseeDiscounts,
    BestOf, AddedUp,
)  # fmt: skip


def struct_sentences(before: msgspec.Struct, after: msgspec.Struct, names: Names) -> Iterator[str]:
    """The sentences about two versions of a struct of the same kind; ``names`` are the conditions' by code."""
    held = [
        sentence
        for field in type(after).__struct_fields__
        if getattr(before, field) != getattr(after, field)
        for sentence in _held(before, after, field, names)
    ]
    own = list(_own(before, after))
    yield from (*held, *own) if isinstance(after, Tariff) else (*own, *held)


def _own(before: msgspec.Struct, after: msgspec.Struct) -> Iterator[str]:
    """What changed in the fields of the struct itself."""
    kind = type(after)
    for column in columns_of(kind):
        was, now = (value_words(value_at(one, column.name)) for one in (before, after))
        if was != now:
            words = {"before": was, "after": now}
            yield field_sentence(kind.__name__, column.name, str(LIMITS.get(column.name, column.label)), words)


def _held(before: msgspec.Struct, after: msgspec.Struct, field: str, names: Names) -> Iterator[str]:
    """What changed in a field that holds structs."""
    old, new = getattr(before, field), getattr(after, field)
    if isinstance(old, When | None) and isinstance(new, When | None):
        yield _("Ora vale per: %(who)s.") % {"who": who(new or When(), names)}
    elif isinstance(old, tuple) and isinstance(new, tuple):
        yield from _lists(before, after, field, names)
    elif type(old) is type(new) and isinstance(new, msgspec.Struct):
        yield from struct_sentences(old, new, names)
    elif isinstance(old, msgspec.Struct) or isinstance(new, msgspec.Struct):
        yield from _replaced(old, new, names)


def _lists(before: msgspec.Struct, after: msgspec.Struct, field: str, names: Names) -> Iterator[str]:
    old, new = getattr(before, field), getattr(after, field)
    sample = next(iter((*new, *old)), None)
    if not isinstance(sample, msgspec.Struct):
        return
    if isinstance(before, Matrix) and isinstance(after, Matrix) and field == "rows":
        yield from row_sentences(old, new, owner=after, cells=_cells(before, after, names))
    elif is_flat(type(sample)) and all(type(one) is type(sample) for one in (*old, *new)):
        yield from row_sentences(old, new, owner=after)
    else:
        yield from step_sentences(old, new, names)


def _cells(before: Matrix, after: Matrix, names: Names) -> list[tuple[Words, int | None, int | None]]:
    """The columns of a matrix that stay: heading, place before and after."""
    places = {column.code: index for index, column in enumerate(before.columns)}
    return [
        (
            column.code.replace("_", " ") if column.when.everybody else who(column.when, names),
            places.get(column.code),
            index,
        )
        for index, column in enumerate(after.columns)
    ]


def step_sentences(before: Sequence[msgspec.Struct], after: Sequence[msgspec.Struct], names: Names) -> Iterator[str]:
    """The sentences about two versions of a list of steps: each says first which step it is about."""
    kept = [one for one in before if one not in after]
    fresh = [one for one in after if one not in before]
    pairs: list[tuple[msgspec.Struct | None, msgspec.Struct]] = []
    for new in fresh:
        likely = [one for one in kept if _key(one) == _key(new)] or [one for one in kept if type(one) is type(new)]
        match = likely[0] if likely else None
        if match is not None:
            kept.remove(match)
        pairs.append((match, new))
    for match, new in pairs:
        if match is None:
            yield _("Si aggiunge: %(step)s.") % {"step": told(new, names)}
        else:
            yield from _headed(match, struct_sentences(match, new, names), names)
    for old in kept:
        yield _("Si toglie: %(step)s.") % {"step": told(old, names)}
    same = [one for one in before if one in after]
    if not fresh and not kept and same != list(after):
        yield _("I passi sono gli stessi, in un altro ordine: %(steps)s.") % {
            "steps": "; ".join(title(one, names) for one in after)
        }


def _headed(step: msgspec.Struct, sentences: Iterator[str], names: Names) -> Iterator[str]:
    """The sentences after the name of their step; those about brothers and sisters say it themselves."""
    if isinstance(step, SiblingDiscounts | SiblingPrices):
        yield from sentences
    else:
        heading = title(step, names)
        yield from (_("%(step)s. %(sentence)s") % {"step": heading, "sentence": one} for one in sentences)


def title(step: msgspec.Struct, names: Names) -> str:
    """Which step it is: its name and whom it is for."""
    about, kind = _about(step, names), type(step).__name__
    name = str(STEPS.get(kind) or TITLES[kind])
    return f"{name}: {about}" if about else name


def told(node: msgspec.Struct, names: Names) -> str:
    """A whole step in a few words: its name, whom it is for, what it says."""
    if isinstance(node, _REDUCTIONS):
        rows = "; ".join(f"{row.label}, {row.value}" for row in reduction_row(node, names, ""))
        kind = type(node).__name__
        return f"{STEPS.get(kind) or TITLES[kind]}: {rows}"
    return "; ".join((title(node, names), *_said(node, names)))


def _said(node: msgspec.Struct, names: Names) -> Iterator[str]:
    """The values of a struct and of what it holds, with their names; what is as usual is left out."""
    usual = {field.name: field.default for field in msgspec.structs.fields(node)}
    for column in columns_of(type(node)):
        value = value_at(node, column.name)
        if value_words(value) and value != usual.get(column.name) and column.name not in ("code", "condition"):
            yield f"{column.label} {value_words(value)}"
    for field in node.__struct_fields__:
        held = getattr(node, field)
        if isinstance(held, When):
            continue
        if isinstance(held, msgspec.Struct):
            yield told(held, names)
        elif isinstance(held, tuple) and held and isinstance(held[0], msgspec.Struct):
            flat = is_flat(type(held[0]))
            rows = (f"{subject(one, node)}: {row_values(one)}" for one in held)
            yield from rows if flat else (told(one, names) for one in held)


def _replaced(old: object, new: object, names: Names) -> Iterator[str]:
    """Another kind of thing stands there: another base, another unit; or one where none was."""
    if isinstance(old, msgspec.Struct) and isinstance(new, msgspec.Struct):
        words = {"before": title(old, names), "after": title(new, names)}
        yield _("Si calcola in un altro modo: prima «%(before)s», ora «%(after)s».") % words
    elif isinstance(new, msgspec.Struct):
        yield _("Si aggiunge: %(step)s.") % {"step": title(new, names)}
    elif isinstance(old, msgspec.Struct):
        yield _("Si toglie: %(step)s.") % {"step": title(old, names)}
    yield from _whole(old, names, is_new=False)
    yield from _whole(new, names, is_new=True)


def _whole(node: object, names: Names, *, is_new: bool) -> Iterator[str]:
    """Each row and each value of something that comes or goes as a whole."""
    if not isinstance(node, msgspec.Struct):
        return
    for column in columns_of(type(node)):
        value = value_at(node, column.name)
        said = value_words(value)
        if said and value != column.default:
            words = {"before": "" if is_new else said, "after": said if is_new else ""}
            yield field_sentence(type(node).__name__, column.name, str(column.label), words)
    for field in node.__struct_fields__:
        rows = getattr(node, field)
        if isinstance(rows, tuple) and rows and isinstance(rows[0], msgspec.Struct):
            if is_flat(type(rows[0])):
                yield from row_sentences((), rows, owner=node) if is_new else row_sentences(rows, (), owner=node)
            else:
                yield from step_sentences((), rows, names) if is_new else step_sentences(rows, (), names)


def _about(step: msgspec.Struct, names: Names) -> str:
    condition, when, code = (getattr(step, name, None) for name in ("condition", "when", "code"))
    words = [names.get(condition, condition)] if isinstance(condition, str) else []
    words += [who(when, names)] if isinstance(when, When) and not when.everybody else []
    words += [code.replace("_", " ")] if isinstance(code, str) and not words else []
    return ", ".join(words)


def _key(step: msgspec.Struct) -> tuple[object, ...]:
    return (type(step), *(getattr(step, name, None) for name in ("condition", "when", "code")))
