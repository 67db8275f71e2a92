#!/bin/sh
# Code that must not compile doesn't, with the message that its "// expect:" line promises (an extended regular expression);
# and with -DSHOULD_COMPILE it does, so that it fails for no other reason.
# Usage: run.sh COMPILER [FLAGS...], such as: run.sh g++ -std=c++20 -Iinclude
# Prints one line a case; exits with 1 if some case goes wrong.
set -u
[ $# -ge 1 ] || { echo "usage: $0 COMPILER [FLAGS...]" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
messages=$work/messages
# What all of them include is read once.
printf '#include <quorate/msm.hpp>\n#include <quorate/ratio.hpp>\n' >"$work/all.hpp"
"$@" -x c++-header "$work/all.hpp" -o "$work/all.hpp.gch" || exit 1
set -- "$@" -include "$work/all.hpp" -fsyntax-only
status=0
cases=0
fail() {
    echo "FAIL $name: $1"
    head -n 20 "$messages"
    status=1
}
for file in "$here"/*.cpp; do
    name=$(basename "$file" .cpp)
    expected=$(sed -n 's|^// expect: ||p' "$file")
    cases=$((cases + 1))
    : >"$messages"
    if [ -z "$expected" ]; then fail "has no '// expect:' line"
    elif ! "$@" -DSHOULD_COMPILE "$file" >"$messages" 2>&1; then fail "should compile with -DSHOULD_COMPILE"
    elif "$@" "$file" >"$messages" 2>&1; then fail "compiles"
    elif ! grep -Eq -- "$expected" "$messages"; then fail "fails with another message than '$expected'"
    else echo "ok   $name"
    fi
done
[ "$cases" -gt 0 ] || { echo "no cases found"; exit 1; }
exit $status
