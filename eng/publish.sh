#!/bin/sh
# Publishes what users install:
#   artifacts/cni/      the CNI plugins, one NativeAOT file each
#   artifacts/ipamd/    the service
#   artifacts/ipamctl/  the admin CLI
# Plugins are built for net10.0; where the package feed lacks that NativeAOT runtime pack, for net9.0. It says which.
set -eu
cd "$(dirname "$0")/.."
rid=linux-$(case $(uname -m) in x86_64) echo x64 ;; aarch64) echo arm64 ;; *) uname -m ;; esac)
out=$PWD/artifacts
log=$out/publish.log
mkdir -p "$out/cni"
: > "$log"

if ! command -v clang >/dev/null && ! command -v gcc >/dev/null; then
  eng/packages.sh gcc libc6-dev
fi
echo 'int main(void){return 0;}' | cc -static -x c - -lz -o /dev/null 2>/dev/null || eng/packages.sh gcc libc6-dev zlib1g-dev

# publish_plugin PROJECT FILE FRAMEWORK
publish_plugin() {
  work=$out/build/$3
  dotnet publish "src/$1" -c Release -r "$rid" -p:PluginFramework="$3" --artifacts-path "$work" -o "$work/$1" -nodeReuse:false >> "$log" 2>&1 || return 1
  install -m 755 "$work/$1/$2" "$out/cni/.$2.new"
  mv "$out/cni/.$2.new" "$out/cni/$2"
}

# The feed decides once, for all plugins.
framework=net10.0
for plugin in Ipam.Plugin:ipam Net.Plugin:net-ptp; do
  project=${plugin%%:*} file=${plugin##*:}
  if ! publish_plugin "$project" "$file" $framework; then
    if [ $framework = net10.0 ] && grep -q 'NU110[123]' "$log"; then
      framework=net9.0
      echo "this feed has no NativeAOT runtime pack for net10.0: plugins are built for net9.0"
    fi
    publish_plugin "$project" "$file" $framework || { tail -n 30 "$log" >&2; exit 1; }
  fi
  echo "published artifacts/cni/$file ($framework, $(stat -c %s "$out/cni/$file") bytes)"
done

# publish_program PROJECT FOLDER
publish_program() {
  dotnet publish "src/$1" -c Release -r "$rid" --self-contained false -p:PublishReadyToRun=true -o "$out/$2" -nodeReuse:false >> "$log" 2>&1 \
    || { tail -n 30 "$log" >&2; exit 1; }
  echo "published artifacts/$2/$2"
}
publish_program Ipam.Service ipamd
publish_program Ipam.Cli ipamctl
