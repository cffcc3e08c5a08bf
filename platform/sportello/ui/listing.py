"""The list page of the office: filters and order kept in the URL, views with counts, paging, export.

A view makes one call and hands the result to its template::

    page = list_page(request, Child.objects.visible_to(user), filters=ChildFilters,
                     sorts={"name": ("family_name", "given_name")}, default_sort="name",
                     tabs=(Tab("", _("Tutti")), Tab("iscritti", _("Iscritti"), Q(enrolled=True))))
    if page.export_format:
        return export_response(page, COLUMNS, filename="bambini")
    return render_list(request, page, "families/child_list.html")

The template draws `components/filter_bar.html`, `tabs.html`, `list_head.html`, `sort_header.html` and `pager.html`, and
keeps what htmx refreshes in `{% partialdef elenco inline %}<div id="elenco">...</div>{% endpartialdef %}`.
A list costs two queries (counts, rows), whatever the number of rows, views and filters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise

type Text = str | Promise

PER_PAGE = 25
PAGE, SORT, VIEW, FORMAT = "pagina", "ordina", "vista", "formato"
EXPORTS = (("csv", "CSV"), ("xlsx", "Excel"))


class FilterForm(forms.Form):
    """The filters of one list. A subclass declares optional fields and says in `apply` what they mean.

    A value that is no good is reported beside its box and narrows nothing.
    """

    use_required_attribute = False
    hides_optional: ClassVar[bool] = True

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="filtro_%s")
        for each in self.fields.values():
            each.required = False
        self.full_clean()

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        """Narrow the rows to the values in `cleaned_data`."""
        return rows

    def is_set(self, name: str) -> bool:
        """Whether this filter holds a good value."""
        return self.cleaned_data.get(name) not in (None, "", [], False) and not self.has_error(name)


@dataclass(frozen=True)
class Tab:
    """A view of the list: the rows that satisfy `where` (all, when None). The first tab is the default one."""

    name: str
    label: Text
    where: Q | None = None


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link of the page: a tab, a page number (no url: a gap) or an export."""

    label: Text = ""
    url: str = ""
    current: bool = False
    count: int | None = None
    number: int = 0


@dataclass(frozen=True)
class SortLink:
    """Where a column's heading leads, and how the column is sorted now ("ascending", "descending" or "")."""

    url: str
    direction: str


@dataclass(frozen=True, kw_only=True)
class ListPage[T: Model]:
    """One page of a list, with the addresses of all the others. Built by `list_page`."""

    path: str
    query: QueryDict
    filter_form: FilterForm
    matching: QuerySet[T]
    """Every row that passes filters and view, in order: for exports and for actions on all."""
    total: int
    number: int
    per_page: int
    sort: str
    default_sort: str
    tabs: Sequence[Link] = field(default=())
    exports: Sequence[Link] = field(default=())
    export_format: str = ""

    @cached_property
    def rows(self) -> list[T]:
        """The rows of this page; read once."""
        start = (self.number - 1) * self.per_page
        return list(self.matching[start : start + self.per_page]) if self.total else []

    @property
    def first(self) -> int:
        """The position of the first row shown, from 1; 0 when there is none."""
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The position of the last row shown."""
        return min(self.number * self.per_page, self.total)

    @property
    def page_count(self) -> int:
        """How many pages there are, at least one."""
        return _page_count(self.total, self.per_page)

    @property
    def previous_url(self) -> str:
        """The page before, or nothing."""
        return self.url(page=self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        """The page after, or nothing."""
        return self.url(page=self.number + 1) if self.number < self.page_count else ""

    @property
    def page_links(self) -> list[Link]:
        """First, last and the neighbours of this page; a gap where numbers are left out."""
        links: list[Link] = []
        previous = 0
        for number in _shown_pages(self.number, self.page_count):
            if number > previous + 1:
                links.append(Link())
            links.append(Link(number=number, url=self.url(page=number), current=number == self.number))
            previous = number
        return links

    @property
    def active_filters(self) -> int:
        """How many filters narrow the list."""
        return sum(self.filter_form.is_set(name) for name in self.filter_form.fields)

    @property
    def kept_parameters(self) -> list[tuple[str, str]]:
        """View and order, which a new filter does not change."""
        return [(name, str(self.query[name])) for name in (VIEW, SORT) if self.query.get(name)]

    @property
    def reset_url(self) -> str:
        """The same view and order without filters."""
        kept = QueryDict(mutable=True)
        kept.update(dict(self.kept_parameters))
        return f"{self.path}?{kept.urlencode()}" if kept else self.path

    def sort_column(self, column: str) -> SortLink:
        """The heading of a column: sorts by it, or turns its order round."""
        if self.sort == column:
            return SortLink(self.url(sort=f"-{column}"), "ascending")
        return SortLink(self.url(sort=column), "descending" if self.sort == f"-{column}" else "")

    def url(self, *, page: int = 1, sort: str | None = None) -> str:
        """This list with another page or order; what equals the default stays out of the address."""
        return _address(self.path, self.query, {PAGE: str(page) if page > 1 else "", SORT: self.sort_word(sort)})

    def sort_word(self, sort: str | None) -> str:
        """The order as the address says it."""
        wanted = self.sort if sort is None else sort
        return "" if wanted == self.default_sort else wanted


def list_page[T: Model](
    request: HttpRequest,
    rows: QuerySet[T],
    *,
    filters: type[FilterForm] = FilterForm,
    sorts: Mapping[str, tuple[str, ...]],
    default_sort: str,
    tabs: Sequence[Tab] = (),
    exports: bool = True,
    per_page: int = PER_PAGE,
) -> ListPage[T]:
    """Read filters, view, order and page from the address; whatever it says that is unknown falls back to the default.

    `sorts` is the list of admitted orders: column name -> model fields (the primary key is added, so that pages never
    overlap); `default_sort` is one of them, with "-" for descending. A tab's `where` must not multiply rows by a join.
    """
    query = request.GET
    form = filters(query)
    filtered = form.apply(rows)
    views = tabs or (Tab("", ""),)
    current = next((tab for tab in views if tab.name == query.get(VIEW, "")), views[0])
    counts = _counts(filtered, views)
    total = counts[current.name]
    sort = query.get(SORT, "")
    sort = sort if sort.removeprefix("-") in sorts else default_sort
    matching = filtered.filter(current.where) if current.where is not None else filtered
    return ListPage(
        path=request.path,
        query=query,
        filter_form=form,
        matching=matching.order_by(*_order(sorts, sort)),
        total=total,
        number=_page_number(query.get(PAGE, ""), _page_count(total, per_page)),
        per_page=per_page,
        sort=sort,
        default_sort=default_sort,
        tabs=[_tab_link(request, tab, count=counts[tab.name], current=current, default=views[0]) for tab in tabs],
        exports=_export_links(request) if exports else [],
        export_format=query.get(FORMAT, "") if exports and query.get(FORMAT) in dict(EXPORTS) else "",
    )


def render_list[T: Model](
    request: HttpRequest, page: ListPage[T], template: str, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The whole page, or only its partial `elenco` when htmx asks for it."""
    headers = request.headers
    whole = headers.get("HX-Request") != "true" or headers.get("HX-History-Restore-Request") == "true"
    response = render(request, template if whole else f"{template}#elenco", {"page": page, **(context or {})})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _counts[T: Model](rows: QuerySet[T], tabs: Sequence[Tab]) -> dict[str, int]:
    totals = {f"view_{index}": Count("pk", filter=tab.where) for index, tab in enumerate(tabs)}
    found = rows.order_by().aggregate(**totals)
    return {tab.name: found[f"view_{index}"] for index, tab in enumerate(tabs)}


def _order(sorts: Mapping[str, tuple[str, ...]], sort: str) -> list[str]:
    fields = sorts[sort.removeprefix("-")]
    if not sort.startswith("-"):
        return [*fields, "pk"]
    return [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in (*fields, "pk")]


def _page_count(total: int, per_page: int) -> int:
    return max(1, -(-total // per_page))


def _page_number(text: str, count: int) -> int:
    return min(max(int(text), 1), count) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _shown_pages(current: int, count: int) -> list[int]:
    return sorted({1, count, *(number for number in range(current - 1, current + 2) if 1 <= number <= count)})


def _export_links(request: HttpRequest) -> list[Link]:
    return [
        Link(label=label, url=_address(request.path, request.GET, {FORMAT: code, PAGE: ""})) for code, label in EXPORTS
    ]


def _tab_link(request: HttpRequest, tab: Tab, *, count: int, current: Tab, default: Tab) -> Link:
    word = "" if tab is default else tab.name
    url = _address(request.path, request.GET, {VIEW: word, PAGE: "", FORMAT: ""})
    return Link(label=tab.label, url=url, current=tab is current, count=count)


def _address(path: str, query: QueryDict, changes: Mapping[str, str]) -> str:
    changed = query.copy()
    changed.pop(FORMAT, None)
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    for name in [name for name in changed if not any(changed.getlist(name))]:
        del changed[name]
    text = changed.urlencode()
    return f"{path}?{text}" if text else path
