"""The national payments platform pagoPA: how the product speaks with it."""
