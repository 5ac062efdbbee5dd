#!/bin/sh
# Puts the passwords of the environment into the configuration, and becomes Asterisk.
set -eu
target=${1:-/etc/asterisk}
templates=${2:-/usr/share/hookline}

# A password that is a part of the configuration holds nothing that could be another part.
checked() {
  case $2 in
    *[!A-Za-z0-9._-]* | '') echo "$1: letters, digits, \".\", \"_\" and \"-\" only, and at least 16 of them" >&2 && exit 1 ;;
  esac
  [ ${#2} -ge 16 ] || { echo "$1: at least 16 characters" >&2 && exit 1; }
}
checked HOOKLINE_ARI_PASSWORD "${HOOKLINE_ARI_PASSWORD:-}"
checked SIP_DEMO_PASSWORD "${SIP_DEMO_PASSWORD:-}"

umask 077
cp "$templates"/*.conf "$target"/
sed -i "s/^password = CHANGE$/password = $HOOKLINE_ARI_PASSWORD/" "$target"/ari.conf
sed -i "s/^password = CHANGE$/password = $SIP_DEMO_PASSWORD/" "$target"/pjsip.conf
exec "${ASTERISK:-asterisk}" -f -n
