"""Tables: a program for every row of a file, by engines that read, write and share out the rows.

The mathematics is that of `mgcli.analysis.tables` in every engine.
"""
