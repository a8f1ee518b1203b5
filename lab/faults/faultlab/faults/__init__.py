"""The faults of the original container, one file a group. A class each; faultlab.registry.Fault says what it must answer."""
