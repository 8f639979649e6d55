"""Whole data sets into the repository: the bench format, the starter directory, the demonstration, files of others.

The wiring, jobs and the command line import these rooms. Every importer may run again and again: records are found by
their natural keys (``items.keys``), merged into what is there (``merging``), and nothing changes where nothing is new.
"""
