"""Documents, clauses, dated layered values and rules in force where and when. Refuses: a folder that does not check."""
