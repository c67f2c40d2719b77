"""A notebook as a file: taking it in, putting cells back, cleaning what is shown of it."""
