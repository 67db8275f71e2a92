#!/usr/bin/env bash
# The program itself: refuses to begin without secrets, begins, answers, is killed and begins again, ends when told to.
set -euo pipefail
bot=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
pid=
trap 'if [ -n "$pid" ]; then kill -9 "$pid" 2> /dev/null || true; fi; rm -rf "$dir"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
cat > "$dir/bot.json" << END
{ "listen": "127.0.0.1:0", "journal": "$dir/journal.db", "charters": ["$here/examples/charters/rust.json"], "roster": "$here/examples/bot/recorded/fcp/teams.json",
  "github": { "api": "http://127.0.0.1:9", "bot_id": 5000, "token": { "env": "QUORATE_BOT_TOKEN" } }, "webhook_secret": { "env": "QUORATE_BOT_SECRET" },
  "repositories": { "ferris/rfcs": { "as": "rfcbot" } } }
END
"$bot" --check "$dir/bot.json" > "$dir/out" || fail "the configuration is refused"
env -u QUORATE_BOT_SECRET -u QUORATE_BOT_TOKEN "$bot" "$dir/bot.json" > "$dir/out" 2> "$dir/err" && fail "it begins without secrets"
grep -q "QUORATE_BOT_SECRET is not set" "$dir/err" || fail "it doesn't say what is missing"
export QUORATE_BOT_SECRET=0123456789abcdef0123456789abcdef QUORATE_BOT_TOKEN=token-0123456789abcdef
start() {
  : > "$dir/out"  # what an earlier one said is not what this one says
  "$bot" "$dir/bot.json" > "$dir/out" 2> "$dir/err" & pid=$!
  for _ in $(seq 100); do grep -q listening "$dir/out" && break; sleep 0.05; done
  port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' "$dir/out")
  [ -n "$port" ] || fail "it doesn't listen: $(cat "$dir/err")"
}
# One request without any client but the shell's.
ask() { # METHOD PATH BODY HEADER...
  local method=$1 path=$2 body=$3; shift 3
  exec 3<> "/dev/tcp/127.0.0.1/$port"
  { printf '%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n' "$method" "$path" "${#body}"; for h in "$@"; do printf '%s\r\n' "$h"; done; printf '\r\n%s' "$body"; } >&3
  head -n 1 <&3 | cut -d ' ' -f 2
  exec 3>&-
}
body='{"action":"created","sender":{"id":101,"login":"alice"},"repository":{"full_name":"ferris/rfcs"},"issue":{"number":7,"title":"A matter","user":{"id":900,"login":"frank"},"state":"open","labels":[{"name":"T-lang"}]},"comment":{"id":77,"body":"@rfcbot merge","user":{"id":101,"login":"alice"}}}'
signature=$(printf %s "$body" | openssl dgst -sha256 -hmac "$QUORATE_BOT_SECRET" | sed 's/.*= //')
deliver() { ask POST /webhook "$body" "X-GitHub-Delivery: d-1" "X-GitHub-Event: issue_comment" "X-Hub-Signature-256: sha256=$1"; }
start
[ "$(ask GET /healthz "")" = 200 ] || fail "it is not well"
[ "$(deliver "$signature")" = 202 ] || fail "a delivery is not kept"
[ "$(deliver "$(printf '0%.0s' $(seq 64))")" = 401 ] || fail "a forged delivery is taken"
kill -9 "$pid"; wait "$pid" 2> /dev/null || true
start
[ "$(deliver "$signature")" = 200 ] || fail "what was kept is not known after a kill"
second=$("$bot" "$dir/bot.json" > "$dir/out2" 2> "$dir/err2" & echo $!)
sleep 0.5
kill -0 "$second" || fail "a second process does not stand by"
kill -TERM "$second"
kill -TERM "$pid"
wait "$pid" || fail "it ends with $?"
pid=
grep -q "ending" "$dir/err" || fail "it doesn't say that it ends"
for word in 0123456789abcdef token-; do grep -q "$word" "$dir/err" "$dir/out" && fail "it tells a secret"; done
echo "begins, serves, is killed, ends: fine"
