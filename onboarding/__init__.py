"""Bringing a Comune in: the load of a legacy roster, with a dry run that shows every defect."""
