"""The write door, the standing projection, facts bound to rules. Everything above writes through runs.commit."""
