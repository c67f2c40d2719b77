"""A learning management system at both ends: rosters and submissions come from it, marks and feedback go back.

Nothing here speaks to a server. The files are those that an instructor downloads from Canvas or Moodle and uploads again.
"""
