"""Reproduces the faults of the original container, and their absence in the repaired service, on loopback."""
