-- The built-in check says Degraded until a CRD is Established, a second or two after it is made: long enough to fail the sync
-- of an Application that has waves or hooks (Argo CD 3.2.11, in 5 of 5 starts). Only a refused name is a failure.
local established = false
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  if condition.type == "NamesAccepted" and condition.status == "False" then
    return { status = "Degraded", message = condition.message or "the names are taken" }
  end
  if condition.type == "Established" and condition.status == "True" then established = true end
end
if established then
  return { status = "Healthy", message = "" }
end
return { status = "Progressing", message = "not established yet" }
