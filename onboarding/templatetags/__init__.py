"""Words of the pages of onboarding."""
