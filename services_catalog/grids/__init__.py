"""The content of an edition as grids and fields: what the editor draws, what a paste fills, what a change speaks of.

One way for every construct: the columns follow from the types of the language (:mod:`.columns`), the pieces of a page
from the content itself (:mod:`.pieces`); a new struct of the language needs only its words (:mod:`.words`).
"""
