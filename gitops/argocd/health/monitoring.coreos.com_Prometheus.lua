-- The built-in check says Degraded while no pod is ready, which with one replica is every start, and fails the sync that waits
-- (Argo CD 3.2.11). The price: a Prometheus that breaks later is Progressing here; its absence is alerted on elsewhere.
local available = nil
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  if condition.type == "Reconciled" and condition.status == "False" then
    return { status = "Degraded", message = condition.message or "the operator could not reconcile it" }
  end
  if condition.type == "Available" then available = condition end
end
if available ~= nil and available.status == "True" then
  return { status = "Healthy", message = "" }
end
return { status = "Progressing", message = available ~= nil and available.message or "not available yet" }
