"""The faces of the receipts."""
