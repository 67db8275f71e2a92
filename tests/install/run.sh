#!/usr/bin/env bash
# Installs a build tree into a scratch prefix and builds consumers against it, by CMake package and by pkg-config.
#   tests/install/run.sh BUILD_DIR
set -euo pipefail
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$build" --prefix "$scratch/prefix" > "$scratch/install.log"
cmake -S "$here" -B "$scratch/consumer" -G Ninja -DCMAKE_PREFIX_PATH="$scratch/prefix" > "$scratch/configure.log"
cmake --build "$scratch/consumer" -j 2 > "$scratch/build.log" || { cat "$scratch/build.log"; exit 1; }
"$scratch/consumer/consumer"
"$scratch/consumer/headers_only"
cmake -S "$here/../../examples/unit_test" -B "$scratch/own" -G Ninja -DCMAKE_PREFIX_PATH="$scratch/prefix" > "$scratch/own.log"
cmake --build "$scratch/own" > "$scratch/own-build.log" || { cat "$scratch/own-build.log"; exit 1; }
"$scratch/own/rules_test"
export PKG_CONFIG_PATH="$scratch/prefix/lib/x86_64-linux-gnu/pkgconfig:$scratch/prefix/lib/pkgconfig:$scratch/prefix/lib64/pkgconfig"
version=$(sed -n 's/^Version: //p' "$build/quorate.pc")
[ "$(PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 pkg-config --define-variable=prefix="$scratch/prefix" --modversion quorate)" = "$version" ]
g++ -std=c++20 -O0 "$here/by_pkg_config.cpp" -o "$scratch/by-pkg-config" \
    $(pkg-config --define-variable=prefix="$scratch/prefix" --static --cflags --libs quorate)
LD_LIBRARY_PATH="$scratch/prefix/lib" "$scratch/by-pkg-config" "$scratch/journal.db"
g++ $(find "$scratch/consumer" -name 'consumer.cpp.o') -o "$scratch/consumer-by-pkg-config" \
    $(pkg-config --define-variable=prefix="$scratch/prefix" --static --libs quorate)
LD_LIBRARY_PATH="$scratch/prefix/lib" "$scratch/consumer-by-pkg-config"
echo "installed package works: by find_package, headers alone, and by pkg-config"
