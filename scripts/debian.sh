#!/bin/sh
# debian.sh RELEASE FOLDER PACKAGE PROGRAM unpacks a program of a Debian release, with all that it stands on, as
# FOLDER/PROGRAM, whole or not at all. apt keeps a state of its own for that: it asks which mirror and proxy the system
# uses, checks signatures and checksums, and neither reads nor writes what is installed. The program then starts by
# the loader and the libraries of its own folder.
set -eu
cd "$(dirname "$0")/.."

release=$1 folder=$2 package=$3 program=$4
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
final=$PWD/$folder
fresh=$final.new.$$
apt=$fresh/apt

# A checkout that was moved since is set up anew: the loader's path is absolute.
stamp="$release $final"
[ -x "$folder/$program" ] && [ "$(cat "$folder/.setup" 2>/dev/null)" = "$stamp" ] && exit 0

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

# The first address that the system itself takes Debian's packages from, in either form of its lists.
mirror() {
  apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' 2>/dev/null | sed -n 's#/* Debian$##p' | grep '/debian$' || true
  sed -n 's#^\(URIs:\|deb\( \[[^]]*\]\)\{0,1\}\)[[:space:]]*\(http[^[:space:]]*/debian\)/*\([[:space:]].*\)\{0,1\}$#\3#p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null || true
}

# A mirror may lag behind by weeks: the age of its lists is not checked, their signatures are.
configure() {
  mkdir -p "$apt/etc" "$apt/lists/partial" "$apt/archives/partial"
  : >"$apt/status"
  printf 'deb [signed-by=%s check-valid-until=no] %s %s main\n' "$keyring" "$1" "$release" >"$apt/etc/sources.list"
  apt-config dump | grep '^Acquire::[^ ]*\(Proxy\|Verify\|CaInfo\|Timeout\|Retries\|Force\)' >"$apt/conf" || true
  cat >>"$apt/conf" <<END
Dir::Etc "$apt/etc";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
Dir::State "$apt";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
APT::Sandbox::User "";
APT::Install-Recommends "false";
Acquire::Languages "none";
END
}

own_apt() {
  APT_CONFIG=$apt/conf apt-get -q "$@" >"$fresh/log" 2>&1 || {
    cat "$fresh/log" >&2
    fail "apt could not fetch $package of Debian $release." 'Look at what it said above and try again.'
  }
}

# Neovim starts itself again by its own path, so that its loader is written into it; what does not bear that is started
# by a line of shell.
give_own_loader() {
  loader=$(cd "$fresh/tree" && echo usr/lib/*/ld-linux-*.so.*)
  libraries=${loader%/*}
  if [ "$program" = nvim ]; then
    "$fresh/tree/$loader" --library-path "$fresh/tree/$libraries" "$fresh/tree/usr/bin/patchelf" \
      --set-interpreter "$final/$loader" --force-rpath --set-rpath "\$ORIGIN/../../$libraries" \
      "$fresh/tree/usr/bin/$program"
    ln -s "usr/bin/$program" "$fresh/tree/$program"
  else
    printf '#!/bin/sh\nat=%s\nexec "$at/%s" --library-path "$at/%s" "$at/usr/bin/%s" "$@"\n' \
      "$(quoted "$final")" "$loader" "$libraries" "$program" >"$fresh/tree/$program"
    chmod +x "$fresh/tree/$program"
  fi
}

quoted() {
  printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"
}

for needed in apt-get apt-config dpkg-deb; do
  command -v "$needed" >/dev/null || fail "This system is not Debian: install $package yourself."
done
[ -r "$keyring" ] || fail "Debian's keys ($keyring) are missing: install $package yourself."
address=$(mirror | head -n 1)
[ -n "$address" ] || fail "This system's apt names no mirror of Debian: install $package yourself."

printf 'setup: %s comes from Debian %s\n' "$package" "$release" >&2
trap 'rm -rf "$fresh"' EXIT
trap 'exit 130' INT TERM HUP
configure "$address"
own_apt update
own_apt install --download-only --yes "$package" patchelf

mkdir "$fresh/tree"
for archive in "$apt"/archives/*.deb; do
  dpkg-deb --extract "$archive" "$fresh/tree"
done
give_own_loader
printf '%s\n' "$stamp" >"$fresh/tree/.setup"
rm -rf "$folder"
mv "$fresh/tree" "$folder"
