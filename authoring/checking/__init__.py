"""The tests of the labs' tests: wrong and right answers, what they must come to, and what they came to."""
