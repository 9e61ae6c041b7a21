"""Page kit: citation mark, answer card, tables, forms."""
