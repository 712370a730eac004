#!/bin/sh
# Shows the help in a popup until a key is pressed.
cat "$(dirname -- "$0")/help"
stty -icanon -echo min 1
dd bs=1 count=1 >/dev/null 2>&1
