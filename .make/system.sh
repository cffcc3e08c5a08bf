#!/bin/sh
# What the tests take from the system: a browser, and the xmlsec1 of the SAML conformance suite. Installed where that
# is allowed; otherwise one line says why some tests will be skipped.
has_browser() { for name in chromium chromium-browser google-chrome; do command -v "$name" >/dev/null 2>&1 && return 0; done; return 1; }
missing=""
has_browser || missing="chromium"
command -v xmlsec1 >/dev/null 2>&1 || missing="$missing xmlsec1"
missing=$(echo $missing)
[ -z "$missing" ] && exit 0
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Some tests will be skipped: no $missing here, and no apt-get to install it with." >&2
  exit 0
fi
if [ "$(id -u)" = 0 ]; then
  as_root=""
elif sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  echo "Some tests will be skipped: no $missing here, and installing needs root (apt-get install $missing)." >&2
  exit 0
fi
log=$(mktemp)
echo "Installing for the tests: $missing ..." >&2
if ! { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
  echo "Some tests will be skipped: apt-get could not install $missing ($(tail -n 1 "$log"))." >&2
fi
rm -f "$log"
