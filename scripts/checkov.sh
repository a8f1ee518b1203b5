#!/bin/sh
# Holds the synthesized platform against checkov as well, and compares it with our own checks.
# Writes docs/checkov.md; exits 1 when checkov finds something that nobody has given a reason for.
set -eu
cd "$(dirname "$0")/.."
VERSION=3.3.30
VENV=${CHECKOV_VENV:-/var/tmp/cimiento/checkov-$VERSION}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# 1. checkov, pinned, in an environment of its own.
[ -x "$VENV/bin/checkov" ] || { python3 -m venv "$VENV" && "$VENV/bin/pip" install --quiet "checkov==$VERSION"; }

# 2. The platform, and one mutant of it for each fault that our policies are proved with.
node -r ./bin/register.js scripts/checkov/prepare.ts "$WORK"

# 3. checkov on both; it exits with 1 when it finds something, which is not yet a failure.
for what in platform mutants; do
  "$VENV/bin/checkov" -d "$WORK/$what" --framework terraform_json --compact --quiet --skip-download -o json \
    > "$WORK/$what.json" 2> "$WORK/$what.log" || [ $? -eq 1 ]
done

# 4. What it found, each with its reason; what it does not find.
node -r ./bin/register.js scripts/checkov/report.ts "$WORK" "$VERSION"
