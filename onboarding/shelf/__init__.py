"""The shelf: readings of back-ends that Comuni have confirmed, for the next Comune with the same one. In `public`.

No data of the Comune stands here: headings, fields, and the value tables of closed vocabularies alone.
"""
