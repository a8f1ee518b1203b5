-- An Application is healthy when what git asks of it now is applied and works. The root's sync waves wait for this verdict:
-- Progressing keeps the next wave back, Degraded fails the root's sync. So "not yet" is never Degraded.
--
-- Only the object is at hand, and since Argo CD 3.0 it holds no health of single resources. `status` may speak of an older
-- spec than the one beside it (argo-cd#29649), and 3.4 says Healthy of an Application whose resources could not be applied
-- (argo-cd#27917): so Healthy counts only together with Synced, for this very source, with no operation under way.

-- A comparison leaves out what is empty or false; the spec may spell it out. Helm's values are taken literally.
local function absent(value)
  if type(value) ~= "table" then return value == nil or value == false or value == "" end
  for _, part in pairs(value) do
    if not absent(part) then return false end
  end
  return true
end

local function same(one, other, literally)
  if not literally and absent(one) and absent(other) then return true end
  if type(one) ~= "table" or type(other) ~= "table" then return one == other end
  for key, value in pairs(one) do
    if not same(value, other[key], literally or key == "valuesObject") then return false end
  end
  for key, value in pairs(other) do
    if one[key] == nil and not same(nil, value, literally or key == "valuesObject") then return false end
  end
  return true
end

local function verdict(status, message)
  return { status = status, message = message }
end

local status = obj.status
if status == nil or status.sync == nil or status.health == nil then
  return verdict("Progressing", "Argo CD has not looked at it yet")
end

local compared = status.sync.comparedTo or {}
if not same(compared.source, obj.spec.source) or not same(compared.sources, obj.spec.sources) then
  return verdict("Progressing", "the verdict is about an older source")
end

if obj.operation ~= nil then
  return verdict("Progressing", "a sync is requested")
end

local operation = status.operationState or {}
if operation.phase == "Running" or operation.phase == "Terminating" then
  return verdict("Progressing", operation.message or "syncing")
end

if status.sync.status ~= "Synced" then
  -- What failed at this revision stays failed until git changes; a failure at another revision is history.
  local result = operation.syncResult or {}
  local failed = operation.phase == "Failed" or operation.phase == "Error"
  local here = same(result.revision, status.sync.revision) and same(result.revisions, status.sync.revisions)
  if failed and here then
    return verdict("Degraded", operation.message or "the sync failed")
  end
  for _, condition in ipairs(status.conditions or {}) do
    if condition.type == "ComparisonError" or condition.type == "InvalidSpecError" or condition.type == "SyncError" then
      return verdict("Degraded", condition.message)
    end
  end
  return verdict("Progressing", "not synced yet")
end

-- Degraded passes on only what a finished sync left behind; Missing and Unknown turn out to be one or the other soon.
local health = status.health.status
if health == "Healthy" or health == "Degraded" or health == "Suspended" then
  return verdict(health, status.health.message or "")
end
return verdict("Progressing", status.health.message or "not healthy yet")
