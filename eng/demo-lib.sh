# What the parts of the demo share. Sourced, in the repository's root.

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

work=$(mktemp -d /tmp/ipam-demo.XXXXXX)
store=sqlite:$work/ipam.db
prefix=ipamdemo$((RANDOM % 1000))
containers="one two three"
ipamd_pid=

ipamctl() { artifacts/ipamctl/ipamctl --store "$store" "$@"; }

start_ipamd() {
  say "Starting ipamd on $store"
  artifacts/ipamd/ipamd --store "$store" --socket "$work/run/ipamd.sock" --spool "$work/spool" --node demo --log-level warning &
  ipamd_pid=$!
  await_ready "$work/run/ipamd.sock" "$ipamd_pid"
}

# await_ready SOCKET PID
await_ready() {
  local ready
  for _ in $(seq 100); do
    ready=$(curl -s --max-time 1 --unix-socket "$1" http://ipamd/readyz || true)
    [ "$ready" = ready ] && return
    kill -0 "$2" 2>/dev/null || fail "ipamd ended"
    sleep 0.1
  done
  fail "ipamd is not ready: $ready"
}

# What a part makes beside the containers, its own "remove_rest" removes.
remove_rest() { :; }
clean_up() {
  for c in $containers; do ip netns del "$prefix-$c" 2>/dev/null || true; done
  remove_rest
  [ -z "$ipamd_pid" ] || { kill "$ipamd_pid" 2>/dev/null && wait "$ipamd_pid" || true; }
  rm -rf "$work"
}
trap clean_up EXIT

# The ipam part of a configuration: one IPv4 subnet, one IPv6 subnet.
ipam_configuration() {
  cat <<JSON
  "ipam": {
    "type": "ipam",
    "socket": "$work/run/ipamd.sock",
    "spool": "$work/spool",
    "ranges": [
      [{ "subnet": "$1" }],
      [{ "subnet": "$2" }]
    ],
    "routes": [{ "dst": "0.0.0.0/0" }, { "dst": "::/0" }]
  }
JSON
}

# cni VERB CONTAINER: as a runtime calls a plugin. $plugin is called, by the program in $on_host if there is one.
cni() {
  CNI_COMMAND=$1 CNI_CONTAINERID=demo-$2 CNI_NETNS=/var/run/netns/$prefix-$2 CNI_IFNAME=eth0 \
    CNI_PATH=$PWD/artifacts/cni:/usr/lib/cni ${on_host:-} "$plugin" < "$work/demo.conf"
}

# How long a newcomer waits for the first address, with all that is built for it. DEMO_BEGAN says when the demo began, where this is told.
tell_time() {
  [ -n "${DEMO_BEGAN:-}" ] || return 0
  echo "the first address came $((EPOCHSECONDS - DEMO_BEGAN)) s after the first command"
  DEMO_BEGAN=
}

add_containers() {
  say "Adding the containers"
  for c in $containers; do
    ip netns add "$prefix-$c"
    ip -n "$prefix-$c" link set lo up
    cni ADD "$c" > "$work/$c.json" || { cat "$work/$c.json" >&2; fail "ADD $c"; }
    printf '%s: %s\n' "$c" "$(ip -n "$prefix-$c" -o addr show dev eth0 scope global | awk '{printf "%s ", $4}')"
    tell_time
  done
}

# address CONTAINER 4|6
address() { ip -n "$prefix-$1" -o "-$2" addr show dev eth0 scope global | awk '{print $4}' | cut -d/ -f1; }

# ping_from CONTAINER 4|6 ADDRESS NAME
ping_from() {
  ip netns exec "$prefix-$1" ping "-$2" -q -c 1 -w 5 "$3" > "$work/ping" || { cat "$work/ping" >&2; fail "$1 cannot reach $4 over IPv$2"; }
  echo "$1 -> $4 ($3): ok"
}

ping_each_other() {
  say "Pinging from each container to each other, IPv4 and IPv6"
  for from in $containers; do
    for to in $containers; do
      [ "$from" = "$to" ] && continue
      for family in 4 6; do ping_from "$from" $family "$(address "$to" $family)" "$to"; done
    done
  done
}

# expect_leases COUNT
expect_leases() {
  say "ipamctl lease list"
  ipamctl lease list
  local count
  count=$(ipamctl lease list -o json | grep -c '"address"' || true)
  [ "$count" = "$1" ] || fail "wanted $1 leases, found $count"
}

# The page of the store. With KEEP=1 it is up until somebody ends it, and the containers live as long.
show_page() {
  say "ipam-web"
  local page_pid url
  artifacts/ipam-web/ipam-web --store "$store" --listen "127.0.0.1:${PORT:-0}" > "$work/page" &
  page_pid=$!
  for _ in $(seq 100); do
    url=$(sed -n 's/.* is shown at //p' "$work/page")
    [ -z "$url" ] || break
    kill -0 "$page_pid" 2>/dev/null || fail "ipam-web ended"
    sleep 0.1
  done
  curl -sf --max-time 10 "${url:-nowhere}leases" > "$work/leases.html" || fail "the page doesn't answer"
  grep -q "$(address one 4)" "$work/leases.html" || fail "the page doesn't show $(address one 4)"
  if [ -n "${KEEP:-}" ]; then
    echo "The page is at $url, until you press Ctrl-C."
    trap 'echo' INT
    wait "$page_pid" || true
    trap - INT
  else
    kill "$page_pid" && wait "$page_pid" || true
    echo "The page was at $url. 'make demo KEEP=1' keeps it up; on a host, 'ipamctl web' shows it."
  fi
}

delete_containers() {
  say "Deleting the containers"
  for c in $containers; do
    cni DEL "$c" || fail "DEL $c"
    [ -z "$(ip -n "$prefix-$c" -o link show type veth)" ] || fail "an interface of $c is left"
    ip netns del "$prefix-$c"
  done
}
