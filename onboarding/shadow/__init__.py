"""The shadow month: what the desk computes beside what the old programme says, family by family, with the reason.

A comparison reads and never writes what it compares; its result is kept with its date and who asked for it. Rules are
pure (`rules`), `theirs` reads the load, `ours` the desk, `comparing` brings them together, `noting` keeps what a person
says of a difference.
"""
