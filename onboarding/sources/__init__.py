"""From the bytes of an export to its physical lines and their cells, in constant memory, whatever its form.

Others call `opening.open_source`, `sniffing.sniff` and `rows.read_rows`; what may arrive is in `types`.
"""
