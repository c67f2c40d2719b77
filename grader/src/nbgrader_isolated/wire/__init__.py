"""What can cross between two processes, and how: data only."""
