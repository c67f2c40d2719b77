"""The instructor's side: what turns a class of notebooks into marks."""
