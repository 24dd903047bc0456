#!/bin/sh
# Writes artifacts/NOTICE: which packages are in what was published, in which version, under which licence.
set -eu
cd "$(dirname "$0")/.."
cache=${NUGET_PACKAGES:-$HOME/.nuget/packages}
# The patch that plugins are linked with.
dotnet=$(dotnet msbuild src/Ipam.Plugin/Ipam.Plugin.csproj -getProperty:BundledNETCoreAppPackageVersion)

# packages FILE: name/version of each package in a list of dependencies.
packages() { sed -n 's/^    "\(.*\/[0-9].*\)": {$/\1/p; s/^      "type": "\(.*\)",$/ \1/p' "$1" | awk '/^ / { if ($1 == "package") print name; next } { name = $0 }'; }

# licence NAME VERSION: as the package says it.
licence() {
  spec=$cache/$(echo "$1/$2/$1" | tr 'A-Z' 'a-z').nuspec
  terms=$(sed -n 's/.*<license type="expression">\(.*\)<\/license>.*/\1/p' "$spec")
  [ -n "$terms" ] || { echo "notice.sh: $spec names no licence" >&2; exit 1; }
  echo "$terms"
}

{
  echo "IpamSuite has the Apache License 2.0. It contains or uses:"
  echo
  echo ".NET $dotnet: MIT (linked into ipam and net-ptp; ipamd and ipamctl run on it)"
  echo "musl: MIT (linked into ipam and net-ptp, unless they were linked with glibc: LGPL-2.1-or-later)"
  for program in ipamd ipamctl; do packages "artifacts/$program/$program.deps.json"; done | sort -u | while IFS=/ read -r name version; do
    terms=$(licence "$name" "$version")
    echo "$name $version: $terms"
  done
} > artifacts/NOTICE.new
mv artifacts/NOTICE.new artifacts/NOTICE
