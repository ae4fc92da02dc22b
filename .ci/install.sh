#!/usr/bin/env bash
# Installs the programs that only `.ci/run` needs: cargo-deny from crates.io, codespell from PyPI, Valgrind from the system.
set -euo pipefail
. "$(dirname "$0")/../editors/tests/install/common.sh"

if ! installed cargo-deny; then
  say 'installing cargo-deny'
  cargo install --quiet --locked --root "$editors/cargo-deny" cargo-deny --version 0.20.2
  set_installed cargo-deny
fi
if ! installed codespell; then
  command -v python3 >/dev/null || cannot 'codespell (no python3 here)'
  say 'installing codespell'
  rm -rf "$editors/codespell"
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --target "$editors/codespell" codespell==2.4.3
  set_installed codespell
fi
# Without it, and where there is none for this system, `.ci/run` compares no instruction counts.
command -v valgrind >/dev/null || (apt_install valgrind) || say 'Valgrind cannot be installed here'
