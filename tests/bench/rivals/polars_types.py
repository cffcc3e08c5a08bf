"""The types of a roster checked by polars, and nothing else: how many cells are not what their column says."""

import sys

import polars as pl

INTEGERS = ("MATRICOLA", "CAP", "CLASSE")
AMOUNTS = ("ISEE", "SALDO")

text = open(sys.argv[1], encoding="cp1252", newline="").read().encode()  # noqa: PTH123, SIM115 a program of its own
frame = pl.read_csv(text, separator=";", infer_schema=False, truncate_ragged_lines=True)


def amount(name: str) -> pl.Expr:
    """1.234,50 as a number."""
    return (
        pl.col(name)
        .str.replace_all(".", "", literal=True)
        .str.replace(",", ".", literal=True)
        .cast(pl.Float64, strict=False)
    )


typed = frame.select(
    *(pl.col(name).cast(pl.Int64, strict=False) for name in INTEGERS),
    *(amount(name) for name in AMOUNTS),
    pl.col("DATA_NASCITA").str.to_date("%d/%m/%Y", strict=False),
)
wrong = sum(int((frame[name].is_not_null() & typed[name].is_null()).sum()) for name in typed.columns)
print(frame.height, wrong)  # noqa: T201 a program of its own
