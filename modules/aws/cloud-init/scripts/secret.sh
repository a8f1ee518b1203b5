# Secrets that no human and no Terraform state ever sees: Terraform makes the empty container, the first node to boot puts
# the value. All nodes put with one fixed request token; Secrets Manager takes a token's value once and answers any other
# value under the same token with ResourceExistsException. So exactly one wins, and everybody then reads the winner's.

# Any fixed text of 32 to 64 characters will do; it becomes the id of the first version.
readonly FIRST_VERSION=cimiento-first-version-0000000000000000

secrets_manager() { aws secretsmanager --region "$REGION" --output text "$@"; }

# read_secret ARN: the current value; status 3 when there is none yet, 1 when nobody can say.
read_secret() {
  local error status=0
  error=$(mktemp)
  secrets_manager get-secret-value --secret-id "$1" --query SecretString 2>"$error" || status=$?
  if ((status != 0)) && grep -q ResourceNotFoundException "$error"; then
    status=3
  elif ((status != 0)); then
    log "$(tail -n 1 "$error")"
    status=1
  fi
  rm -f "$error"
  return "$status"
}

# secret_or_first ARN GENERATOR…: the value, which GENERATOR prints if this node is the first that needs it.
secret_or_first() {
  local arn=$1 value status=0
  shift
  value=$(read_secret "$arn") || status=$?
  if ((status == 3)); then
    # By file descriptor: a value given as an argument shows in the process list.
    secrets_manager put-secret-value --secret-id "$arn" --client-request-token "$FIRST_VERSION" \
      --secret-string "file://"<(umask 077 && "$@") >/dev/null 2>&1 || true
    value=$(read_secret "$arn") || fail "no value in $arn, and none could be put"
  elif ((status != 0)); then
    fail "$arn cannot be read"
  fi
  printf '%s' "$value"
}

# Whether the cluster was ever formed is a fact of its secret too: a stage label, so no value has to change. A node whose
# data volume is blank must know: the first time it founds the cluster, ever after it joins.
readonly FORMED=CIMIENTO_FORMED

is_formed() {
  local stages
  stages=$(secrets_manager describe-secret --secret-id "$1" --query "VersionIdsToStages.\"$FIRST_VERSION\"") ||
    fail "$1 cannot be described"
  grep -qw "$FORMED" <<<"$stages"
}

mark_formed() {
  is_formed "$1" ||
    secrets_manager update-secret-version-stage --secret-id "$1" --version-stage "$FORMED" \
      --move-to-version-id "$FIRST_VERSION" >/dev/null
}

# 32 letters and digits: about 190 bits, and nothing to quote in a URI, a properties file or JSON.
new_password() { openssl rand -base64 96 | tr -dc 'A-Za-z0-9' | head -c 32; }

# field NAME <JSON
field() { jq --raw-output --exit-status --arg name "$1" '.[$name]'; }
