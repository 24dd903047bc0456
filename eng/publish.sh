#!/bin/sh
# Publishes what users install:
#   artifacts/cni/      the CNI plugins, one NativeAOT file each
#   artifacts/ipamd/    the service
#   artifacts/ipamctl/  the admin CLI
#   artifacts/ipam-web/ the page
#   artifacts/man/      their pages for man
# Plugins are linked with musl; where there is none that fits, or PLUGIN_LIBC=glibc asks for it, with glibc. It says which.
# ARCH=arm64 (or x64) publishes the first four for another machine, into artifacts/linux-arm64; for that it needs the other machine's gcc and C library.
set -eu
cd "$(dirname "$0")/.."
. eng/target.sh
log=$out/publish.log
mkdir -p "$out/cni"
: > "$log"

if ! command -v clang >/dev/null && ! command -v gcc >/dev/null; then
  eng/packages.sh gcc libc6-dev
fi

# The C library that plugins are linked with; for musl there is an object to link in.
libc=${PLUGIN_LIBC:-musl}
musl_object=
# What the compiler is told for another machine.
across=

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

links_across() { echo 'int main(void){return 0;}' | $triple-gcc -static -x c - -o /dev/null 2> /dev/null; }

# With the other machine's gcc, behind a script that keeps from it what only clang knows.
link_across() {
  case $arch in
    arm64) triple=aarch64-linux-gnu packages='gcc-aarch64-linux-gnu libc6-dev-arm64-cross' ;;
    x64) triple=x86_64-linux-gnu packages='gcc-x86-64-linux-gnu libc6-dev-amd64-cross' ;;
    *) echo "ARCH is \"$arch\"; it must be x64 or arm64" >&2; exit 2 ;;
  esac
  # shellcheck disable=SC2086 # A list.
  links_across || { eng/packages.sh $packages && links_across; } || { echo "plugins for $arch can't be linked here: $triple-gcc makes no static program" >&2; exit 1; }
  libc=glibc
  mkdir -p "$out/build"
  cat > "$out/build/linker" <<EOF
#!/bin/sh
for argument; do
  shift
  case \$argument in --target=*) ;; *) set -- "\$@" "\$argument" ;; esac
done
exec $triple-gcc "\$@"
EOF
  chmod +x "$out/build/linker"
  across="-p:CppCompilerAndLinker=$out/build/linker -p:ObjCopyName=$triple-objcopy"
}

[ "$arch" = "$here" ] || libc=across
case $libc in
  across) link_across ;;
  musl) link_with_musl ;;
  glibc) link_with_glibc "PLUGIN_LIBC asks for it" ;;
  *) echo "PLUGIN_LIBC is \"$libc\"; it must be musl or glibc" >&2; exit 2 ;;
esac

# Analyzers look at the sources when the solution is built, not here.

# publish_plugin PROJECT FILE
publish_plugin() {
  work=$out/build/$libc
  # shellcheck disable=SC2086 # A list.
  dotnet publish "src/$1" -c Release -r "$rid" -p:MuslObject="$musl_object" $across -p:RunAnalyzers=false --artifacts-path "$work" -o "$work/$1" -nodeReuse:false >> "$log" 2>&1 \
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
  echo "published ${out#"$PWD/"}/cni/$file ($libc, $(stat -c %s "$out/cni/$file") bytes)"
done

# publish_program PROJECT FOLDER
publish_program() {
  rm -rf "$out/$2.new"
  # shellcheck disable=SC2086
  dotnet publish "src/$1" -c Release -r "$rid" --self-contained false -p:PublishReadyToRun=true -p:RunAnalyzers=false $elsewhere -o "$out/$2.new" -nodeReuse:false \
    -p:PublishDocumentationFile=false -p:PublishReferencesDocumentationFiles=false >> "$log" 2>&1 || { tail -n 30 "$log" >&2; exit 1; }
  rm -f "$out/$2.new"/*.pdb
  # Whoever runs the old one goes on with its files.
  rm -rf "$out/$2.old"
  [ ! -d "$out/$2" ] || mv "$out/$2" "$out/$2.old"
  mv "$out/$2.new" "$out/$2"
  rm -rf "$out/$2.old"
  echo "published ${out#"$PWD/"}/$2/$2"
}
# Not among what tests for this machine refer to.
elsewhere=
[ "$arch" = "$here" ] || elsewhere="--artifacts-path $out/build"
publish_program Ipam.Service ipamd
publish_program Ipam.Cli ipamctl
publish_program Ipam.Web ipam-web

# The pages are the same for all machines, and are made by a program that runs on this one.
[ "$arch" = "$here" ] || exit 0
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
