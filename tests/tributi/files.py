"""Files of an invented tax office, in the layout of the sample."""

from collections.abc import Iterable

BASIS = "Regolamento dei servizi scolastici, articolo 9"


def detail(
    number: int,
    code: str,
    *,
    tax: str = "TARI",
    year: int = 2025,
    due: int = 10_000,
    paid: int = 10_000,
    paid_on: str = "01122025",
    plan: str = "N",
) -> str:
    """A detail record; amounts in cents."""
    return (
        f"1{number:07d}{code:<16}{'COGNOME':<40}{'NOME':<20}{tax:<4}{year:04d}{due:011d}{paid:011d}{paid_on}{plan}A662"
        + " " * 33
    )


def extract(details: Iterable[str], *, day: str = "20261115", off_by: int = 0, tail: bool = True) -> bytes:
    """The whole file, with a tail whose sums come out unless `off_by` says otherwise."""
    rows = list(details)
    due = sum(int(row[92:103]) for row in rows)
    paid = sum(int(row[103:114]) for row in rows)
    lines = [f"0{'TRIBUTI':<20}A662{day}".ljust(160), *rows]
    if tail:
        lines.append(f"9{len(rows):07d}{due:013d}{paid + off_by:013d}".ljust(160))
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")
