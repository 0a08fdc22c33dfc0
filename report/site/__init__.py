"""How it is shown: the pages, the data files, and how they are published."""
