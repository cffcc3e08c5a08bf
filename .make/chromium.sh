#!/bin/sh
# Browser tests use the system's Chromium: install it where that is allowed, else say in one line why not.
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Browser tests will be skipped: no Chromium here, and no apt-get to install it with." >&2
  exit 0
fi
if [ "$(id -u)" = 0 ]; then
  as_root=""
elif sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  echo "Browser tests will be skipped: no Chromium here, and installing it needs root (apt-get install chromium)." >&2
  exit 0
fi
log=$(mktemp)
echo "Installing Chromium for the browser tests..." >&2
if ! { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >"$log" 2>&1 </dev/null; then
  echo "Browser tests will be skipped: apt-get could not install Chromium ($(tail -n 1 "$log"))." >&2
fi
rm -f "$log"
