"""Reading days and months from addresses: a wrong one is a page that does not exist."""

from datetime import date

from django.http import Http404, HttpRequest

from sportello.canteen.month import InvalidMonth, Month


class DayConverter:
    """A day in a path, written 2026-11-23."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class MonthConverter:
    """A month in a path, written 2026-11."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> Month:
        try:
            return Month.parse(value)
        except InvalidMonth as error:
            raise ValueError(value) from error

    def to_url(self, value: Month | str) -> str:
        return str(value)


def day_asked(request: HttpRequest, today: date) -> date:
    """The day of `?giorno=`, today without one."""
    text = request.GET.get("giorno", "")
    if not text:
        return today
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def month_asked(request: HttpRequest) -> Month | None:
    """The month of `?mese=`, None without one."""
    text = request.GET.get("mese", "")
    if not text:
        return None
    try:
        return Month.parse(text)
    except InvalidMonth as error:
        raise Http404 from error
