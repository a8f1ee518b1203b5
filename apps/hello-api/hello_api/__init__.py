"""hello-api: a small Flask service that is served, watched and stopped the way a production service should be."""

import os

__version__ = "1.0.0"

#: Git revision that the image was built from; the image build sets it.
REVISION = os.environ.get("HELLO_REVISION", "unknown")
