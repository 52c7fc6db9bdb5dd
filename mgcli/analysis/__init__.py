"""What can be computed about a program: explanations, checks, claims, descent, sweeps, uncertainties."""
