"""What each lesson claims, held against what it computed: one module per lesson, with ``holds(run)``."""
