"""What a check is made of: the call of a student's function, criteria, verdicts, seeds, messages."""
