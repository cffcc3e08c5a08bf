"""Training: the twin, its exercises, and who has done what."""
