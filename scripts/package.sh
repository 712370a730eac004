#!/bin/sh
# package.sh NAME VERSION SHA512 FOLDER [MEMBER]… unpacks one npm package (or those members of it) as FOLDER, whole or
# not at all, after its checksum was found right. Any npm will do: it only fetches.
set -eu
cd "$(dirname "$0")/.."

name=$1 version=$2 sha512=$3 folder=$4
shift 4

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

for program in npm node tar; do
  command -v "$program" >/dev/null ||
    fail "$program is missing." 'Install Node 24.15 or newer with its npm, or any Node with npm: it fetches the rest.'
done

fresh=$folder.new.$$
trap 'rm -rf "$fresh"' EXIT
trap 'exit 130' INT TERM HUP
mkdir -p "$fresh/pack" "$fresh/tree"

npm pack "$name@$version" --pack-destination "$fresh/pack" --ignore-scripts --loglevel=error >/dev/null ||
  fail "npm could not fetch $name@$version." 'Look at what it said above and try again.'
for archive in "$fresh"/pack/*.tgz; do :; done

found=$(node -e 'console.log(require("node:crypto").createHash("sha512").update(require("node:fs").readFileSync(process.argv[1])).digest("base64"))' "$archive")
[ "$found" = "$sha512" ] || fail "$name@$version is not what it was when Kage pinned it; it was thrown away."

tar -xzf "$archive" -C "$fresh/tree" --strip-components=1 "$@"
rm -rf "$folder"
mv "$fresh/tree" "$folder"
