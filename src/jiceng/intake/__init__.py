"""Workbooks in: columns, facts, one entry. Refuses rows in words, beside the cells; drops nothing silently."""
