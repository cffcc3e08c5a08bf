"""The verdict on each physical line of an export: what it is, all that is wrong with it, the repaired record.

Pure: no database, no clock. Others call `judging.judge`, `known.known_of` and `report`; the words of a verdict are in
`types`, every defect in `catalogue`, its sentences in `sentences`. `plan` compiles a mapping once, `themes` hold the
rules, `words` read one cell.
"""
