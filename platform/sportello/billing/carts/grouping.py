"""How what has no notice yet is put into few: one for each account, fewer where a cart would overflow. Pure."""

from collections.abc import Sequence

from sportello.billing.carts.errors import TooManyNotices
from sportello.billing.carts.offer import Item

type Group = tuple[Item, ...]


def groups_of(items: Sequence[Item], room: int) -> list[Group]:
    """The items, none of which has a notice, in at most `room` groups, each of one payer: a notice for each group.

    First one each; then those of one service together; then all of a payer. What is asked month by month stays alone.
    Raises TooManyNotices.
    """
    alone = [(item,) for item in items if item.month]
    others = [item for item in items if not item.month]
    for key in (_each, _by_service, _by_payer):
        found: dict[tuple[object, ...], list[Item]] = {}
        for item in others:
            found.setdefault(key(item), []).append(item)
        groups = [*alone, *(tuple(group) for group in found.values())]
        if len(groups) <= room:
            return groups
    raise TooManyNotices


def _each(item: Item) -> tuple[object, ...]:
    return (item.key,)


def _by_service(item: Item) -> tuple[object, ...]:
    return item.payer_id, item.services


def _by_payer(item: Item) -> tuple[object, ...]:
    return (item.payer_id,)
