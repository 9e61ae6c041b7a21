"""What a rule says about a subject on a date: value or kind, clauses, facts, what is missing. Refuses to guess."""
