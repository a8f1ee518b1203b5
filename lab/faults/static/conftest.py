"""The static tests read the service through faultlab, from the copy that FAULTS_SERVICE names."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
