"""The pages: one module for a kind of page, named like its template."""
