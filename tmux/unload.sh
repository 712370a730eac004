#!/bin/sh
# kage-unload: takes back what kage.tmux did; keys, options and hooks are as they were before.

root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd) || exit 1
# shellcheck source=tmux/plugin.sh
. "$root/tmux/plugin.sh"

commands() {
  key=$(tmux show-option -gqv @kage_key)
  if [ -n "$key" ] && [ "$(command_after_prefix "$key")" = "$enter" ]; then
    printf '%s\n' "unbind-key -T prefix $(quoted "$key")"
  fi
  keys_in_table own | while IFS= read -r each; do echo "unbind-key -T kage '$each'"; done
  if [ "$(tmux show-option -gqv @kage-status)" = "$segment" ]; then echo 'set-option -gu @kage-status'; fi
  for option in @kage_key @kage_directory @kage_status; do echo "set-option -gqu $option"; done
  for variable in KAGE_TARGET KAGE_BACK; do echo "set-environment -ghu $variable"; done
}

commands | tmux source-file -
