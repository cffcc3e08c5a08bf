"""Pages that span rooms: the Comune's front page, the personal area, the child's page, the office home. No models."""
