#!/bin/sh
# Every public header compiles on its own, without a warning. At most two at a time.
# Usage: run.sh COMPILER INCLUDE_DIRECTORY [FLAGS...], such as: run.sh g++ include
# Paths in FLAGS must be absolute. Prints one line a header; exits with 1 if some header fails.
set -u
[ $# -ge 2 ] || { echo "usage: $0 COMPILER INCLUDE_DIRECTORY [FLAGS...]" >&2; exit 2; }
compiler=$1
include=$2
shift 2
[ -f "$include/quorate/rule.hpp" ] || { echo "no quorate/*.hpp in $include" >&2; exit 2; }
cd "$include/quorate" || exit 2
root=$(cd .. && pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
set -- "$compiler" -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -I"$root" "$@"
# Most of the time would go into Boost's integers: they are read once, for those headers that include them anyway, by way of ratio.hpp.
echo '#include <boost/multiprecision/cpp_int.hpp>' > "$work/integers.hpp"
"$@" -x c++-header "$work/integers.hpp" -o "$work/integers.hpp.gch" || exit 1
with_integers=
including=ratio.hpp
while [ "$including" != "$with_integers" ]; do
  with_integers=$including
  including="ratio.hpp $(grep -rlE "include <quorate/($(echo $with_integers | sed 's/ /|/g'))>" --include='*.hpp' . | sed 's|^\./||' | sort -u | tr '\n' ' ')"
done
# Including it through another file avoids "#pragma once in main file".
check='header=$1 work=$2 with=$3; shift 3
case " ${with#ratio.hpp} " in *" $header "*) set -- "$@" -include "$work/integers.hpp";; esac
if messages=$(printf "#include <quorate/%s>\n" "$header" | "$@" -fsyntax-only -x c++ - 2>&1); then echo "ok   $header"
else printf "FAIL %s\n%s\n" "$header" "$messages"; exit 1; fi'
ls *.hpp | xargs -P 2 -I '{}' sh -c "$check" sh '{}' "$work" "$with_integers" "$@" || exit 1
