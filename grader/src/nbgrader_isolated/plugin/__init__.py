"""What nbgrader is configured with."""
