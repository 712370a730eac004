#!/bin/sh
# popup.sh dash|review %PANE runs in a popup: Neovim with that view, for the pane the popup was opened over. The popup's
# directory is the repository. Neovim ends with the view, and the popup with Neovim.

view=$1 pane=$2
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd) || exit 1

main() {
  nvim=$(find_nvim)
  version=$("$nvim" --version 2>/dev/null | sed -n '1s/^NVIM v\([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p')
  case $version in
    '') refuse "Neovim 0.10 or newer is needed for this, and \`$nvim\` is not to be found." ;;
    0.[0-9]) refuse "Neovim 0.10 or newer is needed for this; \`$nvim\` is $version." ;;
  esac
  plain_root
  # What runs in a popup has no pane of its own: whoever asks tmux from here means the one below.
  TMUX_PANE=$pane KAGE_POPUP=$view KAGE_POPUP_ROOT=$root KAGE_POPUP_RUN=$(run_of_pane) \
    "$nvim" -c 'lua dofile(vim.env.KAGE_POPUP_ROOT .. "/lua/kage/popup.lua").open()'
}

# The program that KAGE_NVIM names, else the one on PATH, else the one the daemon found, else the login shell's: the PATH of a
# tmux server may be older or shorter than that of the person's shells.
find_nvim() {
  [ -z "$KAGE_NVIM" ] || {
    printf '%s\n' "$KAGE_NVIM"
    return
  }
  command -v nvim && return
  found=$(tmux show-environment -gh KAGE_NVIM_FOUND 2>/dev/null)
  found=${found#KAGE_NVIM_FOUND=}
  [ -x "$found" ] || found=$("${SHELL:-/bin/sh}" -l -c 'command -v nvim' </dev/null 2>/dev/null | tail -n 1)
  case $found in /*) printf '%s\n' "$found" ;; *) echo nvim ;; esac
}

run_of_pane() {
  run=$(tmux display-message -p -t "$pane" '#{@kage_run}' 2>/dev/null)
  case ${run#r} in '' | *[!0-9]*) ;; *) printf 'r%s\n' "${run#r}" ;; esac
}

# Neovim's runtime path takes some names for patterns and gives them to a shell: such a directory gets a plain name.
plain_root() {
  case $root in *[!A-Za-z0-9/._-]*) ;; *) return ;; esac
  plain=$(mktemp -d /tmp/kage-popup-XXXXXX) || exit 1
  trap 'trap "" HUP INT TERM; rm -f "$plain/kage"; rmdir "$plain"' EXIT
  trap 'exit 129' HUP INT TERM
  ln -s "$root" "$plain/kage"
  root=$plain/kage
}

refuse() {
  printf '\n  kage: %s\n\n  Install it with your package manager, or set KAGE_NVIM to the program:\n' "$1"
  printf '  tmux set-environment -g KAGE_NVIM /path/to/nvim\n\n  Any key closes this.'
  stty -icanon -echo min 1 time 0 2>/dev/null
  dd bs=1 count=1 >/dev/null 2>&1
  exit 1
}

main
