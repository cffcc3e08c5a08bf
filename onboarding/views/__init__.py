"""The faces of onboarding."""
