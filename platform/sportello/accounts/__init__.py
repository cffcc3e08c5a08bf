"""People who log in: citizens, school staff, clerks, administrators, the central team.

One Account per person and Comune, keyed by (scheme, identifier). A digital identity enters through
`accounts.entering.enter`; roles are dated grants. Which classes a school role may see is for `schools`.
"""
