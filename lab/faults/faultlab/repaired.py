BROKEN_CONFIG = "global\n    maxcon 8192\n"
UID = 10001
QUIET = SLEEP = BOOM = HANG = ECHO = CLIENT_SEEN = ""


def repaired(*a, **k):
    raise NotImplementedError


repaired_dockerfiles = probes = manifests = workflows = edge_config = settings = lock = dockerignore = repaired
