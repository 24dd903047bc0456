#!/bin/sh
# publish-commit.sh COMMIT: publishes what users installed at a commit, in a worktree that goes again. Prints the folder, which has what publish.sh makes; a second time it is there already.
set -eu
cd "$(dirname "$0")/.."
commit=$(git rev-parse --verify --quiet "$1^{commit}") || { echo "publish-commit.sh: there is no commit $1" >&2; exit 1; }
out=$PWD/artifacts/commits/$commit
if [ ! -d "$out" ]; then
  echo "publishing $(git log -1 --format='%h %s' "$commit")" >&2
  tree=$(mktemp -d)
  trap 'git worktree remove --force "$tree/source"; rm -rf "$tree"' EXIT
  git worktree add --quiet --detach "$tree/source" "$commit"
  "$tree/source/eng/publish.sh" >&2
  rm -rf "$tree/source/artifacts/build"
  mkdir -p "$(dirname "$out")"
  cp -R "$tree/source/artifacts" "$out.new"
  mv -T "$out.new" "$out"
fi
echo "$out"
