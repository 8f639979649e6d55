"""The addresses that the site answers, a room for each thing that people come to do.

A room is a module with one ``blueprint``, which ``webapp.factory`` registers, with the handlers of a few addresses that
belong together: each parses what was asked, makes one call of a use case, and renders. Rooms import no other room; what
two of them need is beneath them, in the parts of ``webapp`` that the README lists.
"""
