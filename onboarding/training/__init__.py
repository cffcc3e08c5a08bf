"""Training: the twin of a Comune, the exercises its staff do there, and who has done what.

An exercise is data (``exercises/*.toml``): steps to follow, and what must really have happened in the twin, read
from its audit record. What was done is kept in the Comune itself, so that a twin begun afresh takes nothing away.
Others may call ``queries.training_of`` and ``queries.administrators_trained``.
"""
