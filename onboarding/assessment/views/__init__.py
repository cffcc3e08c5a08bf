"""The faces of the assessment: one for the central team, one for the Comune."""
