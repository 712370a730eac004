#!/bin/sh
# Runs in a popup: asks for a text and sends it to every living agent on this tmux server. The text is only ever a
# value here: it reaches no command line of a shell or of tmux.

kage=$(tmux show-option -gqv @kage_directory)bin/kage
agents=$(tmux list-panes -a -F '#{?pane_dead,,#{@kage_agent}}' | sort -u | sed '/^$/d')
if [ -z "$agents" ]; then
  tmux display-message 'kage: no agents to send to'
  exit
fi

# Escape ends this as Ctrl-C does, and is no part of a text.
trap 'exit 0' QUIT
stty quit '^['
printf 'Send to %s\n(Escape or an empty line sends nothing)\n\n> ' "$(printf %s "$agents" | tr '\n' ' ')"
IFS= read -r text
[ -n "$text" ] || exit 0

sent=0 all=0
while IFS= read -r agent; do
  all=$((all + 1))
  "$kage" send -- "$agent" "$text" >/dev/null 2>&1 </dev/null && sent=$((sent + 1))
done <<END
$agents
END
tmux display-message "kage: sent to $sent of $all agents"
