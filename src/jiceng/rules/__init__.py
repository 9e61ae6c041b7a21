"""The rule language: plain functions, run as they are for one subject, compiled for millions. The door for policy files.

Refuses (in Chinese, with line and column) everything a rule may not use. Policy files write
`from jiceng.rules import rule, ...`; that line is read, never executed.
"""
