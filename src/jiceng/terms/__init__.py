"""词表：标识 ↔ 中文名 ↔ 类型 ↔ 单位 ↔ 含义。Code lists, kinds of fact, and every name a rule may ask for.

Refuses: one name with two types, a number used twice.
"""
