#!/bin/sh
# Sends what was typed to every agent on this tmux server; it is read as a value and never as a command or a format.

text=$(tmux show-environment -gh KAGE_SEND) || exit 0
tmux set-environment -ghu KAGE_SEND
text=${text#KAGE_SEND=}
kage=$(tmux show-option -gqv @kage_directory)bin/kage

tell() {
  tmux display-message "kage: $1"
}

[ -n "$text" ] || exit 0
agents=$(tmux list-panes -a -F '#{?pane_dead,,#{@kage_agent}}' | sort -u | sed '/^$/d')
[ -n "$agents" ] || {
  tell 'no agents to send to'
  exit 0
}

sent=0 all=0
while IFS= read -r agent; do
  all=$((all + 1))
  "$kage" send -- "$agent" "$text" >/dev/null 2>&1 </dev/null && sent=$((sent + 1))
done <<END
$agents
END
tell "sent to $sent of $all agents"
