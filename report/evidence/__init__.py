"""What a release said: the table of releases, and observations, read strictly."""
