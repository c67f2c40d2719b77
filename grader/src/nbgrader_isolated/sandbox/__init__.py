"""Where a process runs: what it sees, and how much it may use."""
