{{- define "ipamsuite.image" -}}
{{- $image := .Values.image -}}
{{- $name := printf "%s/%s" (default $image.registry .Values.global.imageRegistry) $image.repository -}}
{{- if $image.digest }}{{ $name }}@{{ $image.digest }}{{ else }}{{ $name }}:{{ default .Chart.AppVersion $image.tag }}{{ end -}}
{{- end -}}

{{/*
Changes the template of a pod, and prints nothing. Takes "root", "template" and "values", those of the component; its first container is ipamd, ipamctl or ipam-web.
*/}}
{{- define "ipamsuite.pod" -}}
{{- $root := .root -}}
{{- $values := .values -}}
{{- $pod := .template.spec -}}
{{- $main := index $pod.containers 0 -}}
{{- range concat (default (list) $pod.initContainers) $pod.containers -}}
  {{- $_ := set . "image" (include "ipamsuite.image" $root) -}}
  {{- $container := . -}}
  {{- with $root.Values.image.pullPolicy }}{{ $_ := set $container "imagePullPolicy" . }}{{ end -}}
{{- end -}}
{{- $_ := set $main "args" (concat $main.args $values.extraArgs) -}}
{{- $_ := set $main "resources" $values.resources -}}
{{- range default (list) $main.env -}}
  {{- if eq .name "IPAM_LISTEN" }}{{ $_ := set . "value" (printf ":%d" (int $root.Values.metrics.port)) }}{{ end -}}
  {{- if eq .name "IPAM_SERVE_HISTORY" }}{{ $_ := set . "value" (printf "$(HOST_IP):%d" (int $root.Values.history.port)) }}{{ end -}}
{{- end -}}
{{- range default (list) $main.ports -}}
  {{- if eq .name "metrics" }}{{ $_ := set . "containerPort" (int $root.Values.metrics.port) }}{{ end -}}
  {{- if eq .name "history" }}{{ $_ := set . "containerPort" (int $root.Values.history.port) }}{{ end -}}
{{- end -}}
{{- if $values.extraEnv }}{{ $_ := set $main "env" (concat (default (list) $main.env) $values.extraEnv) }}{{ end -}}
{{- range $key := list "priorityClassName" "nodeSelector" "tolerations" "affinity" -}}
  {{- with get $values $key }}{{ $_ := set $pod $key . }}{{ end -}}
{{- end -}}
{{- with $root.Values.imagePullSecrets }}{{ $_ := set $pod "imagePullSecrets" . }}{{ end -}}
{{- with $values.podAnnotations }}{{ $_ := set $.template.metadata "annotations" (merge (dict) . (default (dict) $.template.metadata.annotations)) }}{{ end -}}
{{- with $values.podLabels }}{{ $_ := set $.template.metadata "labels" (merge (dict) $.template.metadata.labels .) }}{{ end -}}
{{- end -}}
