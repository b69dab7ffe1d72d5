{{- define "staplegate.selector" -}}
app.kubernetes.io/name: staplegate
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- define "staplegate.labels" -}}
{{ include "staplegate.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
{{- define "staplegate.name" -}}
{{ if contains "staplegate" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-staplegate{{ end }}
{{- end }}
{{- define "staplegate.metadata" -}}
name: {{ include "staplegate.name" . }}
labels:
  {{- include "staplegate.labels" . | nindent 2 }}
{{- end }}
{{- define "staplegate.configuration" -}}
{{- $state := dict "directory" "/var/lib/staplegate" }}
{{- $admin := dict "bind" (printf "0.0.0.0:%v" .Values.adminPort) "tokenFile" "/run/secrets/staplegate/admin/token" }}
{{- merge (dict "state" $state "admin" $admin) .Values.configuration | toYaml }}
{{- end }}
