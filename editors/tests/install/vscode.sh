#!/usr/bin/env bash
# The real VS Code in $editors/vscode, as the npm package `code-server`: the workbench for a browser, and the same extension
# host on Node that a desktop has. The browser is Debian's Chromium, or whatever Chromium or Chrome is on PATH.
#
# The package's own postinstall is not used: it would also fetch and build what no test needs. Its steps that matter
# are taken here one by one. Left out: the modules `kerberos` (for proxies that ask for it) and `sqlite3` (for chat agents), and the
# dependencies of bundled extensions, so there are no TypeScript language features.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"
version=4.139.1 # VS Code 1.139.1

! installed vscode || exit 0
"$here/node.sh"
[ "$(uname -s)" = Linux ] || cannot "VS Code for the tests (they know Linux only; your own VS Code is not touched)"

packages=()
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || packages+=(chromium)
[ -n "$(find /usr/share/fonts -name '*.ttf' -print -quit 2>/dev/null)" ] || packages+=(fonts-dejavu-core)
for need in g++ make python3; do command -v "$need" >/dev/null || packages+=("$need"); done # to compile two native modules
[ ${#packages[@]} = 0 ] || apt_install "${packages[@]}"
browser=${browser:-$(command -v chromium)}

say "installing VS Code (code-server $version)"
home=$editors/vscode
rm -rf "$home"
mkdir -p "$home/bin"
export PATH=$editors/node/bin:$PATH npm_config_nodedir=$editors/node/home
npm_install --prefix "$home" "code-server@$version"
cd "$home/node_modules/code-server/lib/vscode"
npm_install --omit=dev
npm rebuild --loglevel=error @vscode/spdlog @vscode/native-watchdog >/dev/null
ln -sfn code-linux.sh bin/remote-cli/code-server
ln -sfn browser-linux.sh bin/helpers/browser.sh
rm -rf extensions/copilot # no assistant writes into the notes of a test
ln -sfn "$browser" "$home/bin/chromium"
cd "$home"
bin/chromium --version >/dev/null 2>&1
"$editors/node/bin/node" node_modules/code-server/out/node/entry.js --config "$home/config.yaml" --version >/dev/null
set_installed vscode
