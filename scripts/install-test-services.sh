#!/usr/bin/env bash
# Installs the Debian packages that the tests use and that are not there yet. Tests skip what is missing, with a note.
set -euo pipefail

# package → a file that only it brings
declare -A services=(
  [chromium]='/usr/bin/chromium'
  [fonts-noto-cjk]='/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'
  [postgresql]='/usr/lib/postgresql/*/bin/postgres'
  [prometheus]='/usr/bin/promtool'
  [redis-server]='/usr/bin/redis-server'
)

missing=()
for package in "${!services[@]}"; do
  compgen -G "${services[$package]}" > /dev/null || missing+=("$package")
done

if [[ ${#missing[@]} -eq 0 ]]; then
  echo 'Test services: all there.'
  exit 0
fi

as_root=()
[[ $EUID -eq 0 ]] || as_root=(sudo --non-interactive)

export DEBIAN_FRONTEND=noninteractive
# The tests start their own servers on their own ports, so the packages' servers must not start.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" > /dev/null
  "${as_root[@]}" chmod +x "$policy"
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi

echo "Test services: installing ${missing[*]}."
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
