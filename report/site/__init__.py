"""Writing the site: the HTML pages, the data files, and their publication in site/."""
