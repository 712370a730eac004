# shellcheck shell=sh disable=SC2034
# Read by kage.tmux and unload.sh: what tells the plugin's own things from the user's.

# The status segment, unless the user has set another one.
segment='#{?KAGE_SUMMARY,kage #{KAGE_SUMMARY} ,}'

# Every binding of the plugin carries a note that begins so; this one is the key's after the prefix.
mark='kage: '
entry='kage: agents'

# Prints `own`, `foreign` or `none` for a key after the prefix.
owner_of() {
  binding=$(tmux list-keys -aN -T prefix "$1" 2>/dev/null)
  case $binding in
    '') echo none ;;
    *"$entry") echo own ;;
    *) echo foreign ;;
  esac
}

# Prints the keys in the table that are the plugin's (own) or the user's (foreign): its keys have one character.
keys() {
  tmux list-keys -aN -T kage 2>/dev/null | while IFS= read -r line; do
    case $1,$line in
      own,?" $mark"*) printf '%s\n' "${line%%" "*}" ;;
      *,?" $mark"* | own,*) ;;
      foreign,?' '*) printf '%s\n' "${line%%" "*}" ;;
    esac
  done
}
