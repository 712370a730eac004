#!/bin/sh
# Loads the plugin: one key after the prefix, the table `kage` behind it, and the status segment. Nothing of the
# user's is changed. The keys read only what the daemon wrote into tmux: they work without it and start no process.

root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd) || exit 1
# shellcheck source=tmux/plugin.sh
. "$root/tmux/plugin.sh"

main() {
  ask || exit 1
  new_enough "$version" || complain "tmux $version is older than 3.2"
  foreign=" $(keys_in_table foreign | tr '\n' ' ')"
  bindings | tmux set-option -g @kage_directory "$root/" ';' source-file -
  [ -z "$complaint" ] || complain "$complaint"
}

# One call for all: unset and empty are different answers.
ask() {
  answer=$(tmux display-message -p '#{version}' ';' display-message -p '#{@kage-key}' ';' \
    display-message -p '#{@kage_key}' ';' show-options -gq @kage-key ';' show-options -gq @kage-status) || return
  {
    read -r version
    IFS= read -r key
    IFS= read -r old
  } <<END
$answer
END
  case $answer in *"
@kage-key"*) ;; *) key=K ;; esac
  case $answer in *"
@kage-status"*) segment='' ;; esac
  complaint='' binding=''
  if [ -z "$key" ]; then return; fi
  if ! binding=$(command_after_prefix "$key"); then
    complaint="tmux has no key $key: correct @kage-key" key=''
  elif [ -n "$binding" ] && [ "$binding" != "$enter" ]; then
    complaint="prefix $key is bound already: set @kage-key to another key, or unbind it" key=''
  elif [ -n "$binding" ] && [ "$old" != "$key" ]; then
    key=''
  fi
}

new_enough() {
  number=${1#next-}
  minor=${number#*.}
  minor=${minor%%[!0-9]*}
  case ${number%%.*} in
    3) [ "${minor:-0}" -ge 2 ] ;;
    [4-9] | [1-9][0-9]) true ;;
    *) false ;;
  esac
}

complain() {
  tmux display-message "kage: $1" 2>/dev/null
  exit 0
}

# What tmux reads: each command on a line of its own.
bindings() {
  if [ -n "$segment" ]; then printf '%s\n' "set-option -g @kage-status '$segment'"; fi
  printf '%s\n' "set-option -g @kage_status '#{E:@kage-status}'"
  if [ -n "$old" ] && [ "$old" != "$key" ] && [ "$(command_after_prefix "$old")" = "$enter" ]; then
    printf '%s\n' "unbind-key -T prefix $(quoted "$old")"
  fi
  if [ -n "$key" ]; then
    printf '%s\n' "bind-key -T prefix -N 'kage: agents' $(quoted "$key") $enter"
    printf '%s\n' "set-option -g @kage_key $(quoted "$key")"
  fi
  jump n 'next agent' '#{?@kage_next,#{@kage_next},#{@kage_1}}'
  jump p 'previous agent' "#{?@kage_prev,#{@kage_prev},$last}"
  for number in 1 2 3 4 5 6 7 8 9; do jump "$number" "agent $number" "#{@kage_$number}"; done
  jump w 'the next agent that waits for you' '#{@kage_waiting}'
  bind m 'all agents' "choose-tree -Z -f '#{!=:#{@kage_agent},}' -F '$label'"
  bind s 'send a text to all agents' "display-popup -E -w 80% -h 7 '$send'"
  bind x "interrupt this pane's agent" "if-shell -F '#{@kage_agent}' '$interrupt' \"display-message 'kage: no agent in this pane'\""
  bind '?' 'help' "if-shell -F '#{&&:#{e|>=|:#{client_width},68},#{e|>=|:#{client_height},22}}' '$popup' '$short'"
}

# Goes to the pane that a format names: the first step fetches its id, the second looks whether that pane is still there.
jump() {
  bind "$1" "$2" "run-shell -C 'set-environment -gh KAGE_TARGET \"#{?#{m/r:^%[0-9]+\$,$3},$3,}\"' \\; run-shell -C '$go'"
}

# A binding of the user's stays.
bind() {
  case $foreign in *" $1 "*) return ;; esac
  printf '%s\n' "bind-key -T kage -N \"kage: $2\" '$1' $3"
}

# The pane before the first: the ring is written per pane, so it is looked for among all.
last='#{s/^(%[0-9]+).*/\1/:#{S:#{W:#{P:#{?#{==:#{pane_id},#{@kage_1}},#{@kage_prev},}}}}}'
go='if-shell -F -t "#{KAGE_TARGET}" "##{==:##{pane_id},#{KAGE_TARGET}}" "switch-client -Z -t #{KAGE_TARGET}" "display-message \"kage: #{?KAGE_TARGET,that agent is gone,no agent to go to}\""'
label='#{?pane_format,#{@kage_agent} #{@kage_state},#{?window_format,#{window_name}#{?#{==:#{window_panes},1}, #{@kage_agent} #{@kage_state},},}}'
# A shell reads what is typed: tmux would put it into a command.
send='exec "$(tmux show-option -gqv @kage_directory)tmux/send-all.sh"'
interrupt='if-shell -F "#{pane_dead}" "display-message \"kage: this agent has ended\"" "if-shell -F \"#{pane_in_mode}\" \"copy-mode -q\" ; send-keys C-c"'
popup='display-popup -w 68 -h 22 "cat \"$(tmux show-option -gqv @kage_directory)tmux/help\""'
short='display-message "kage: n p 1-9 go to an agent, w to one that waits, m all, s send to all, x interrupt"'

main
