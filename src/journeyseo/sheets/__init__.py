"""From bytes to cells: what kind of file it is, its encoding, its rows, its header, its numbers.

Knows nothing of keywords or pages; both readers stand on it.
"""
