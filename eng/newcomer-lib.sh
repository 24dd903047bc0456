# What those who follow a document share. Sourced in the repository's root.

# in_namespaces OPTION...: runs the script once more, with the argument "inside", in namespaces of its own and with a folder $work. When it ends, both are gone, with all that it started.
in_namespaces() {
  work=$(mktemp -d /tmp/ipam-newcomer.XXXXXX)
  export work
  trap 'rm -rf "$work"' EXIT
  unshare --mount --propagation private --pid --fork --kill-child --mount-proc "$@" "$PWD/eng/${0##*/}" inside
  exit
}
# The first process of a namespace isn't ended by signals that it doesn't handle.
trap 'exit 1' INT TERM

# cover FOLDER...: what is written there from now on is in $work.
cover() {
  local folder
  for folder in "$@"; do
    mkdir -p "$work$folder/upper" "$work$folder/work"
    mount -t overlay overlay -o "lowerdir=$folder,upperdir=$work$folder/upper,workdir=$work$folder/work" "$folder"
  done
}

# await COMMAND...: until it succeeds, for a minute.
await() {
  local i
  for i in $(seq 600); do
    if "$@" &> /dev/null; then return; fi
    sleep 0.1
  done
  echo "waited a minute for: $*" >&2
  exit 1
}

# block DOCUMENT HEADING LANGUAGE [NUMBER]: a block of code below a heading.
block() {
  awk -v heading="## $2" -v fence="\`\`\`$3" -v wanted="${4:-1}" '
    /^## / { here = ($0 == heading) }
    here && $0 == "```" { inside = 0 }
    here && inside == wanted { print }
    here && $0 == fence { inside = ++count }' "$1" > "$work/block"
  [ -s "$work/block" ] || { echo "$1 has no block ${*:2}" >&2; exit 1; }
  cat "$work/block"
}

# follow_block DOCUMENT HEADING LANGUAGE [NUMBER]: calls "follow" with each command of a block.
follow_block() {
  local commands command more
  commands=$(block "$@")
  while IFS= read -r command; do
    [ -n "$command" ] || continue
    # A command ends where its input does.
    if [[ $command == *'<<EOF' ]]; then
      until [ "${command##*$'\n'}" = EOF ]; do
        IFS= read -r more
        command+=$'\n'$more
      done
    fi
    printf '$ %s\n' "$command"
    follow "$command"
  done <<< "$commands"
}

# cni VERB CONTAINER CONFIGURATION: as a runtime, which calls one plugin after the other, each with the result of the one before. ADD prints the addresses. $on_node, if it is set, comes
# before each plugin, and $cni_args are the runtime's words about the pod.
cni() {
  local plugins plugin result=null
  plugins=$(jq -c 'if .plugins then {cniVersion, name} as $network | .plugins[] | . + $network else . end' "$3")
  [ "$1" = ADD ] || { plugins=$(tac <<< "$plugins"); result=$(cat "$work/$2.result"); }
  while IFS= read -r plugin; do
    jq --argjson before "$result" '. + (if $before then {prevResult: $before} else {} end)' <<< "$plugin" > "$work/conf"
    CNI_COMMAND=$1 CNI_CONTAINERID=$2 CNI_NETNS=/run/netns/$2 CNI_IFNAME=eth0 CNI_ARGS=${cni_args-} CNI_PATH=/opt/cni/bin:/usr/lib/cni \
      ${on_node-} "$(PATH=/opt/cni/bin:/usr/lib/cni command -v "$(jq -r .type "$work/conf")")" < "$work/conf" > "$work/out" || { cat "$work/out" >&2; return 1; }
    [ "$1" != ADD ] || result=$(cat "$work/out")
  done <<< "$plugins"
  [ "$1" != ADD ] || { echo "$result" > "$work/$2.result"; jq -r '.ips[].address' <<< "$result"; }
}

# tell_time: how long it was since $began.
tell_time() {
  local tenths=$(((${EPOCHREALTIME/./} - ${began/./}) / 100000))
  echo "the first address came $((tenths / 10)).$((tenths % 10)) s after the first command"
}
