"""How the columns of an export become fields of ours, as data: layout, columns, value tables, control sums.

A mapping is proposed by `recognition`, corrected by a person, kept per Comune and source, and written as TOML.
`sources` reads a file by its layout, `judging` its cells by its columns. Nothing here touches a file or a database.
"""
