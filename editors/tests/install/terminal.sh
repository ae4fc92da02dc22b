#!/usr/bin/env bash
# Neovim, Helix, Vim with ALE, Emacs with markdown-mode, and tmux to drive them: commands in $editors/terminal/bin.
#
# What is on PATH is used if it is new enough. Debian 12 is older than all that, so the missing ones come from a newer suite of
# Debian, unpacked beside the system: nothing is upgraded. Each editor is told the folder of its own newer C library, by absolute path, so
# the language server that it starts still runs with the system's. The suite's versions move; the oldest ones that will do are below.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"
suite=${VAULTLS_DEBIAN_SUITE:-forky}

! installed terminal || exit 0
home=$editors/terminal
rm -rf "$home"
mkdir -p "$home/bin"
command -v tmux >/dev/null || apt_install tmux

packages=()
# on_path COMMAND OLDEST PACKAGE...: links the command, or notes its packages as missing
on_path() {
  local found version
  if found=$(command -v "$1"); then
    version=$("$found" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1)
    if new_enough "${version:-0}" "$2"; then
      ln -sfn "$found" "$home/bin/$1"
      return
    fi
  fi
  packages+=("${@:3}")
}
on_path nvim 0.11 neovim
on_path hx 25.01 hx
on_path vim 9.1 vim
on_path emacs 29.1 emacs-nox
packages+=(vim-ale elpa-markdown-mode)

mirror=$(awk '
  $1 == "URIs:" || $1 == "deb" { for (i = 2; i <= NF; i++) if (!found && $i ~ /^https?:.*\/debian\/?$/) found = $i }
  END { print found }' /dev/null $(find /etc/apt -name '*.list' -o -name '*.sources' 2>/dev/null))
[ -n "$mirror" ] || cannot "${packages[*]} (this is no Debian with its archive among apt's sources;
install Neovim 0.11, Helix 25.01, Vim 9.1 and Emacs 29.1 or newer by hand and run the tests of those you have)"
command -v patchelf >/dev/null || apt_install patchelf

say "installing ${packages[*]} from Debian $suite"
apt=$home/apt
mkdir -p "$apt"/{lists/partial,cache/archives/partial,state}
: >"$apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/sources.list"
# An apt of its own: it knows no installed package, so it brings all dependencies. What apt.conf.d says of proxies counts as ever.
# It works as root, for apt's own user may not reach this folder.
cat >"$apt/apt.conf" <<CONFIG
Dir::State "$apt/state";
Dir::State::Lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "-";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
CONFIG
APT_CONFIG=$apt/apt.conf apt-get update -qq
APT_CONFIG=$apt/apt.conf apt-get install -y -qq --download-only "${packages[@]}" >/dev/null

root=$home/root
for folder in bin sbin lib lib64; do # before anything is unpacked, or an old package would make a real /lib
  mkdir -p "$root/usr/$folder"
  ln -sfn "usr/$folder" "$root/$folder"
done
for package in "$apt"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --keep-directory-symlink
done
rm -rf "$apt"

libraries=$root/usr/lib/$(uname -m)-linux-gnu
loader=$(find "$libraries" "$root/usr/lib64" "$root/usr/lib" -maxdepth 1 -name 'ld-linux*' -print -quit)
# unpacked COMMAND BINARY VARIABLE=VALUE... [-- ARGUMENT...]: makes a command of an unpacked binary
unpacked() {
  local command=$1 binary=$root/usr/bin/$2 arguments=()
  shift 2
  [ -e "$binary" ] || return 0
  patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$(readlink -f "$binary")"
  local variables=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    variables+=("$1")
    shift
  done
  [ $# = 0 ] || arguments=("${@:2}")
  {
    echo '#!/bin/sh'
    printf 'export %s\n' "${variables[@]}"
    printf 'exec %s "$@"\n' "$binary ${arguments[*]}"
  } >"$home/bin/$command"
  chmod +x "$home/bin/$command"
}
unpacked nvim nvim "VIMRUNTIME=$root/usr/share/nvim/runtime"
unpacked hx hx "HELIX_RUNTIME=$root/usr/lib/hx/runtime"
unpacked vim vim.basic "VIM=$root/usr/share/vim" "VIMRUNTIME=$(find "$root/usr/share/vim" -maxdepth 1 -name 'vim9*' -print -quit 2>/dev/null)"
if [ -e "$root/usr/bin/emacs-nox" ]; then
  lisp=$(find "$root/usr/share/emacs/" -maxdepth 2 -name lisp -path '*/[0-9]*' -print -quit)
  dump=$(find "$root/usr/libexec/emacs" -name 'emacs*.pdmp' -print -quit)
  unpacked emacs emacs-nox "EMACSLOADPATH=$(find "$lisp" -type d -printf '%p:' | sed 's/:$//')" \
    "EMACSDATA=$(dirname "$lisp")/etc" "EMACSDOC=$(dirname "$lisp")/etc" "EMACSPATH=$(dirname "$dump")" -- "--dump-file=$dump"
fi
ln -sfn root/usr/share/vim-ale "$home/ale"
ln -sfn "$(find "$root/usr/share/emacs/site-lisp/elpa-src" -maxdepth 1 -name 'markdown-mode-*' -print -quit)" "$home/markdown-mode"

for command in nvim hx vim emacs; do
  "$home/bin/$command" --version 2>&1 | sed 1q >&2
done
set_installed terminal
