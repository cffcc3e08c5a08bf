"""HOW we speak with other systems: one folder per system, all alike. Integrations translate, domains decide."""
