"""Whole data sets into the repository: the bench format, the starter directory, the demonstration, files of others.

The wiring, jobs and the command line import these rooms; whoever else makes items writes them down, finds them and has
them checked by ``drafts``, ``keys`` and ``checking``. Every importer may run again and again: records are found by
their natural keys, merged into what is there (``merging``), and nothing changes where nothing is new.
"""
