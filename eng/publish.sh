#!/bin/sh
# Publishes what users install:
#   artifacts/cni/      the CNI plugins, one NativeAOT file each
#   artifacts/ipamd/    the service
#   artifacts/ipamctl/  the admin CLI
#   artifacts/ipam-web/ the page
#   artifacts/man/      their pages for man
# Plugins are linked with musl; where there is none that fits, or PLUGIN_LIBC=glibc asks for it, with glibc. It says which.
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

# The C library that plugins are linked with; for musl there is an object to link in.
libc=${PLUGIN_LIBC:-musl}
musl_object=

link_with_musl() {
  command -v musl-gcc >/dev/null || eng/packages.sh musl-tools || true
  if ! reason=$(eng/musl/check.sh); then
    link_with_glibc "$reason"
    return
  fi
  musl_object=$out/build/missing.o
  mkdir -p "$out/build"
  musl-gcc -O2 -Wall -Wextra -Werror -c eng/musl/missing.c -o "$musl_object"
}

# link_with_glibc REASON
link_with_glibc() {
  libc=glibc musl_object=
  echo "plugins are linked with glibc, and start slower: $1"
  echo 'int main(void){return 0;}' | cc -static -x c - -lz -o /dev/null 2>/dev/null || eng/packages.sh gcc libc6-dev zlib1g-dev
}

case $libc in
  musl) link_with_musl ;;
  glibc) link_with_glibc "PLUGIN_LIBC asks for it" ;;
  *) echo "PLUGIN_LIBC is \"$libc\"; it must be musl or glibc" >&2; exit 2 ;;
esac

# Analyzers look at the sources when the solution is built, not here.

# publish_plugin PROJECT FILE
publish_plugin() {
  work=$out/build/$libc
  dotnet publish "src/$1" -c Release -r "$rid" -p:MuslObject="$musl_object" -p:RunAnalyzers=false --artifacts-path "$work" -o "$work/$1" -nodeReuse:false >> "$log" 2>&1 \
    || return 1
  install -m 755 "$work/$1/$2" "$out/cni/.$2.new"
  mv "$out/cni/.$2.new" "$out/cni/$2"
}

# The linker decides once, for all plugins.
for plugin in Ipam.Plugin:ipam Net.Plugin:net-ptp; do
  project=${plugin%%:*} file=${plugin##*:}
  until publish_plugin "$project" "$file"; do
    if [ $libc = musl ] && grep -q 'undefined reference' "$log"; then
      link_with_glibc "musl lacks a function that this .NET runtime needs"
    else
      tail -n 30 "$log" >&2
      exit 1
    fi
  done
  echo "published artifacts/cni/$file ($libc, $(stat -c %s "$out/cni/$file") bytes)"
done

# publish_program PROJECT FOLDER
publish_program() {
  rm -rf "$out/$2.new"
  dotnet publish "src/$1" -c Release -r "$rid" --self-contained false -p:PublishReadyToRun=true -p:RunAnalyzers=false -o "$out/$2.new" -nodeReuse:false \
    -p:PublishDocumentationFile=false -p:PublishReferencesDocumentationFiles=false >> "$log" 2>&1 || { tail -n 30 "$log" >&2; exit 1; }
  rm -f "$out/$2.new"/*.pdb
  # Whoever runs the old one goes on with its files.
  rm -rf "$out/$2.old"
  [ ! -d "$out/$2" ] || mv "$out/$2" "$out/$2.old"
  mv "$out/$2.new" "$out/$2"
  rm -rf "$out/$2.old"
  echo "published artifacts/$2/$2"
}
publish_program Ipam.Service ipamd
publish_program Ipam.Cli ipamctl
publish_program Ipam.Web ipam-web

# Dated as the commit is, so that the same sources make the same pages.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || date +%s)}
export SOURCE_DATE_EPOCH
version=$(dotnet "$out/ipamctl/ipamctl.dll" --version)
rm -rf "$out/man"
mkdir -p "$out/man/man8"
dotnet "$out/ipamctl/ipamctl.dll" manual pages "$out/man/man1" > /dev/null
sed "s/@DATE@/$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)/; s/@VERSION@/${version#ipamctl }/" docs/ipamd.8 > "$out/man/man8/ipamd.8"
sed "s/@DATE@/$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)/; s/@VERSION@/${version#ipamctl }/" docs/ipam-web.8 > "$out/man/man8/ipam-web.8"
echo "published artifacts/man ($(ls "$out"/man/* | grep -c '\.[18]$') pages)"
