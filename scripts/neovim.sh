#!/bin/sh
# The Neovims of the tests: .tools/nvim-0.10/nvim and .tools/nvim-0.12/nvim. The system's own stands for its version;
# the others come from Debian's releases. Where neither can be had, one Neovim of the system is enough.
set -eu
cd "$(dirname "$0")/.."

own=
version=$(nvim --version 2>/dev/null | sed -n 's/^NVIM v\([0-9]*\.[0-9]*\).*/\1/p') || version=
case $version in
  '' | 0.[0-9]) ;;
  *)
    own=$(command -v nvim)
    folder=.tools/nvim-$version
    if [ ! -x "$folder/nvim" ]; then
      rm -rf "$folder"
      mkdir -p "$folder"
      ln -s "$own" "$folder/nvim"
    fi
    ;;
esac

provide() {
  [ "$1" = "$version" ] && return
  sh scripts/debian.sh "$2" ".tools/nvim-$1" neovim nvim && return
  if [ -z "$own" ]; then
    printf 'setup: the tests need Neovim 0.10 or newer; install it with your package manager.\n' >&2
    exit 1
  fi
  printf 'setup: the tests run without Neovim %s.\n' "$1" >&2
}

provide 0.10 trixie
provide 0.12 forky
