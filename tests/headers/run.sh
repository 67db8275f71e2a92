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
# Including it through another file avoids "#pragma once in main file".
check='header=$1; shift
if messages=$(printf "#include <quorate/%s>\n" "$header" | "$@" 2>&1); then echo "ok   $header"
else printf "FAIL %s\n%s\n" "$header" "$messages"; exit 1; fi'
cd "$include/quorate" || exit 2
root=$(cd .. && pwd)
ls *.hpp | xargs -P 2 -I '{}' sh -c "$check" sh '{}' "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic \
    -Wshadow -Wconversion -Werror -I"$root" "$@" -x c++ - || exit 1
