"""The faces of paying: carts, plans."""
