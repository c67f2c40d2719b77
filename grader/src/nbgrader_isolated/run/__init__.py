"""Grading a class: jobs, workers, records, evidence."""
