"""Accounts, roles by place, masking, the log of views. Refuses by default."""
