# What the scripts that install share; sourced, never run. Everything goes below one folder, which can be deleted at any time.
# Exit code 3 of a script means: this machine cannot have it, and the message says why.

editors=${VAULTLS_EDITORS:-${XDG_CACHE_HOME:-$HOME/.cache}/vaultls-editors}

say() { printf '%s\n' "$*" >&2; }

cannot() {
  say "cannot install: $*"
  exit 3
}

# A stamp names the script that installed something, so that a changed script installs anew.
installed() {
  stamp=$(cat "${BASH_SOURCE[0]}" "$0" | sha256sum | cut -d' ' -f1)
  [ "$(cat "$editors/$1/.installed" 2>/dev/null)" = "$stamp" ]
}
set_installed() { echo "$stamp" >"$editors/$1/.installed"; }

# Installs Debian packages of the system's own suite.
apt_install() {
  local as_root=()
  command -v apt-get >/dev/null || cannot "$* (no apt-get here; install them by hand)"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || cannot "$* (neither root nor sudo)"
    as_root=(sudo)
  fi
  say "installing $*"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# `new_enough 0.12.4 0.11` succeeds if the first version is not older than the second.
new_enough() { [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

npm_install() { npm install --no-audit --no-fund --loglevel=error --ignore-scripts "$@" >/dev/null; }

# Installs what the package-lock.json of this folder names, unless that has been done.
npm_ci() {
  cmp -s package-lock.json node_modules/.installed && return
  npm ci --no-audit --no-fund --loglevel=error >/dev/null && cp package-lock.json node_modules/.installed
}
