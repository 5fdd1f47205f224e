"""The unattended night: harvest what is due, bring the dataset up to date, check it, and say what changed."""
