"""What is asked of a program: explanations, differences and checks, claims, descent, sweeps."""
