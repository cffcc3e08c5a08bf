"""Filters and tags that every page may use: amounts, dates, icons, state chips."""

from datetime import date, datetime
from decimal import Decimal
from itertools import batched

from django import template
from django.db.models import Model
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sportello.kernel.money import Money
from sportello.kernel.names import shown_name
from sportello.ui.listing import ListPage, SortLink
from sportello.ui.retelling import retold
from sportello.ui.tones import ICONS, tone_of

register = template.Library()
register.filter(retold)

SPRITE = "vendor/bootstrap-italia/svg/sprites.svg"


@register.filter
def money(amount: Money | int | None) -> str:
    """An amount as people in Italy write it, from Money or from integer cents; empty for None.

    >>> money(123450)
    '1.234,50\\xa0€'
    """
    if amount is None:
        return ""
    value = amount if isinstance(amount, Money) else Money(amount)
    return value.format().replace("-", "\N{MINUS SIGN}").replace(" ", "\N{NO-BREAK SPACE}")


@register.filter
def person_name(name: str | None) -> str:
    """A name as people write it; see :func:`sportello.kernel.names.shown_name`."""
    return shown_name(name or "")


@register.filter
def it_date(day: date | None, style: str = "short") -> str:
    """A day as gg/mm/aaaa, or in words with "long" ("lunedì 23 novembre 2026"); empty for None."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    return _in_words(day) if style == "long" else f"{day:%d/%m/%Y}"


@register.filter
def it_datetime(moment: datetime | None, style: str = "long") -> str:
    """A moment in the Comune's time: "lunedì 23 novembre 2026, ore 9:05", or "23/11/2026 9:05" with "short"."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    clock = f"{local.hour}:{local.minute:02d}"
    if style == "short":
        return f"{local:%d/%m/%Y} {clock}"
    return _("%(day)s, ore %(clock)s") % {"day": _in_words(local.date()), "clock": clock}


@register.filter
def thousands(number: int) -> str:
    """A count with the separators of the page's language: 1.280 in Italian."""
    return formats.number_format(number, decimal_pos=0, use_l10n=True, force_grouping=True)


@register.filter
def percent(value: Decimal | int | None) -> str:
    """A percentage with no more decimals than it needs: 12,5%; empty for None."""
    if value is None:
        return ""
    number = format(Decimal(value), "f")
    shown = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{shown.replace('.', ',')}%"


@register.filter
def in_fours(digits: str) -> str:
    """A notice number as it is printed, in groups of four.

    >>> in_fours("303000000000004272")
    '3030 0000 0000 0042 72'
    """
    return " ".join("".join(four) for four in batched(digits, 4, strict=False))


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: the text beside it says it all."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#it-{}"></use></svg>',
        f" {css_class}" if css_class else "",
        static(SPRITE),
        name,
    )


@register.inclusion_tag("components/chip.html")
def chip(state: str, text: str, icon_name: str = "") -> dict[str, str]:
    """A state as tint, icon and text. `state` is a tone or a status word known to `ui.tones`."""
    tone = tone_of(state)
    return {"tone": tone, "icon_name": icon_name or ICONS[tone], "text": text}


@register.filter
def sort_column[T: Model](page: ListPage[T], column: str) -> SortLink:
    """The heading of a sortable column: `{% with link=page|sort_column:"name" %}`."""
    return page.sort_column(column)


def _in_words(day: date) -> str:
    """Weekday, day, month, year; Django writes Italian months with a capital, Italian does not."""
    words = formats.date_format(day, "l j F Y")
    return words.lower() if get_language() == "it" else words
