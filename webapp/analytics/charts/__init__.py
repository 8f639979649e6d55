"""Charts as SVG, drawn on the server: they need no script, and what a page shows is what a download holds.

Colours stand in the elements for readers outside, classes let the page's style sheet replace them (dark pages).
Meaning never hangs on colour alone: patterns and numbers say the same. Widths are shares of the page's, text has its
own size, and a page that reads from right to left has its charts mirrored.
"""
