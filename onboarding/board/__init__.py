"""The board of the 41 Comuni by stage: what keeps each from the next one, for how long it has been there.

What stands in the schemas of the Comuni is gathered by the clock into one row a Comune (`gathering`, in `public`),
through the signs that the rooms register with `onboarding.signs`; stage, plan and schema are read as they are.
"""
