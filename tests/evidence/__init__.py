"""What a release said is read strictly."""
