{{- define "staplegate.selector" -}}
app.kubernetes.io/name: staplegate
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}
{{- define "staplegate.labels" -}}
{{ include "staplegate.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}
{{- end }}
{{- /* A Service's name starts with a letter, has no dots and at most 63 characters. */}}
{{- define "staplegate.name" -}}
{{- $release := replace "." "-" .Release.Name }}
{{- $name := printf "%s-staplegate" $release }}
{{- if regexMatch "^[0-9]" $release }}
{{- $name = printf "staplegate-%s" $release }}
{{- else if contains "staplegate" $release }}
{{- $name = $release }}
{{- end }}
{{- $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- define "staplegate.metadata" -}}
name: {{ include "staplegate.name" . | quote }}
labels:
  {{- include "staplegate.labels" . | nindent 2 }}
{{- end }}
{{- define "staplegate.configuration" -}}
{{- $state := dict "directory" "/var/lib/staplegate" }}
{{- $admin := dict "bind" (printf "0.0.0.0:%v" .Values.adminPort) "tokenFile" "/run/secrets/staplegate/admin/token" }}
{{- merge (dict "state" $state "admin" $admin) .Values.configuration | toYaml }}
{{- end }}
{{- /* What a stop takes at most: the sleep, the drain, and ten seconds for what comes after it. */}}
{{- define "staplegate.gracePeriodSeconds" -}}
{{- $drain := (.Values.configuration.shutdown | default dict).drainTimeout | default "10s" }}
{{- $milliseconds := dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 "d" 86400000 }}
{{- $drained := mul (regexFind "^[0-9]+" $drain) (get $milliseconds (regexFind "[a-z]+$" $drain)) }}
{{- add .Values.preStopSleepSeconds (div (add $drained 999) 1000) 10 }}
{{- end }}
