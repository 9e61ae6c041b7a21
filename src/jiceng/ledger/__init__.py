"""台账：append-only facts in two times. The only place where facts are written; refuses update and delete."""
