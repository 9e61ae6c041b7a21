"""Pay months: sheets worked out by the rules, checked, approved, locked; what changed since is the next month's."""
