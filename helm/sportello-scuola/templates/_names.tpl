{{- define "sportello.labels" -}}
app.kubernetes.io/name: sportello-scuola
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "sportello.selector" -}}
app.kubernetes.io/name: sportello-scuola
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "sportello.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "sportello.claim" -}}
{{ .Values.media.existingClaim | default (printf "%s-media" .Release.Name) }}
{{- end }}

{{/* What every pod of ours is: not root, no write to its own image, no privilege, no token of the API. */}}
{{- define "sportello.pod" -}}
automountServiceAccountToken: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
volumes:
  - name: tmp
    emptyDir: {}
  - name: media
    persistentVolumeClaim: {claimName: {{ include "sportello.claim" . }}}
{{- with .Values.registries.certificatesSecret }}
  - name: registries
    secret: {secretName: {{ . }}}
{{- end }}
{{- with .Values.connectors.secretsSecret }}
  - name: connector-secrets
    secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}
{{- with .Values.connectors.filesClaim }}
  - name: connector-files
    persistentVolumeClaim: {claimName: {{ . }}, readOnly: true}
{{- end }}
{{- end }}

{{- define "sportello.container" -}}
image: {{ include "sportello.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
envFrom:
  - configMapRef: {name: {{ .Release.Name }}-settings}
  - secretRef: {name: {{ .Values.existingSecret }}}
{{- if .Values.postgresql.cloudNativePG.enabled }}
env:
  - name: DATABASE_URL
    valueFrom: {secretKeyRef: {name: {{ .Release.Name }}-postgres-app, key: uri}}
{{- end }}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
  - {name: media, mountPath: /data/media}
{{- if .Values.registries.certificatesSecret }}
  - {name: registries, mountPath: /etc/sportello/registries, readOnly: true}
{{- end }}
{{- if .Values.connectors.secretsSecret }}
  - {name: connector-secrets, mountPath: /etc/sportello/connectors, readOnly: true}
{{- end }}
{{- if .Values.connectors.filesClaim }}
  - {name: connector-files, mountPath: /data/connectors, readOnly: true}
{{- end }}
{{- end }}
