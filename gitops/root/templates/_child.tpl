{{/*
An Application of the root. Takes a dict: root (the chart's context), name, wave, namespace, source (an object), and options (sync
options, a list). Every child is at the root's own commit or at a pinned chart version, so that nothing moves outside the waves.
*/}}
{{- define "child" -}}
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {{ .name }}
  namespace: argocd
  annotations: { argocd.argoproj.io/sync-wave: {{ .wave | quote }} }
  # Deleted with the child: what it deployed.
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: platform
  source: {{- toYaml .source | nindent 4 }}
  destination: { server: https://kubernetes.default.svc, namespace: {{ .namespace }} }
  syncPolicy:
    automated: { prune: true, selfHeal: true }
    syncOptions: {{- toYaml (concat (list "ServerSideApply=true") (.options | default list)) | nindent 6 }}
    # A retry applies the very source that failed, whatever the spec says by then (`refresh` forgets the revision, and a child is pinned by
    # its source): so two minutes, not twenty, in which a fix waits. `cimiento gitops sync` ends them, and tries again after them.
    retry:
      limit: 5
      backoff: { duration: 5s, factor: 2, maxDuration: 1m }
{{- end }}

{{/* A folder of this repository. Takes a dict: root, path. */}}
{{- define "folder" -}}
repoURL: {{ .root.Values.bridge.git.repository | quote }}
targetRevision: {{ .root.Values.revision | quote }}
path: {{ .path }}
{{- end }}

{{/* A pinned upstream chart with our values. Takes a dict: root, chart, release, and values (what the bridge knows). */}}
{{- define "chart" -}}
{{- $pin := index .root.Values.charts .chart -}}
{{- $ours := .root.Files.Get (printf "values/%s.yaml" .chart) | fromYaml -}}
{{- $target := index .root.Values.overrides .chart | default dict -}}
repoURL: {{ $pin.repository | quote }}
chart: {{ .chart }}
targetRevision: {{ $pin.version | quote }}
helm:
  releaseName: {{ .release }}
  valuesObject: {{- mergeOverwrite (dict) $ours $target (.values | default dict) | toYaml | nindent 4 }}
{{- end }}

{{/* A chart of this repository. Takes a dict: root, path, release, values. */}}
{{- define "own-chart" -}}
{{ include "folder" . }}
helm:
  releaseName: {{ .release }}
  valuesObject: {{- toYaml .values | nindent 4 }}
{{- end }}
