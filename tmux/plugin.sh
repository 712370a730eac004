# shellcheck shell=sh disable=SC2034
# Read by kage.tmux and unload.sh: what tells the plugin's own things from the user's.

# The status segment, unless the user has set another one.
segment='#{?KAGE_SUMMARY,kage #{KAGE_SUMMARY} ,}'

# The note of the plugin's key after the prefix, and how the notes of its other keys begin.
entry='kage: agents'
mark='kage: '

# The keys of the table, each of one character.
table='n p 1 2 3 4 5 6 7 8 9 w m s x ?'

# Tells whose the binding of a key is: own, foreign or none.
whose() {
  bound=$(tmux list-keys -aN -T "$1" "$2" 2>/dev/null)
  case $bound in
    '') echo none ;;
    *"$3") echo own ;;
    *) echo foreign ;;
  esac
}

# Prints the keys of the table that are the plugin's, or with `foreign` those that are the user's, among blanks.
bound() {
  tmux list-keys -aN -T kage 2>/dev/null | while IFS= read -r line; do
    case ${line#?} in
      *([!" "])*) ;;
    esac
  done
}
