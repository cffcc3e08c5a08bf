"""The proofs: one folder per room, and architecture, isolation, journeys, packs, factories, bench beside them."""
