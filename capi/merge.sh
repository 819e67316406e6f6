#!/bin/sh
# merge.sh OBJCOPY AR OUTPUT WORKDIR ARCHIVE... -- COMPILER...
# Merge archives into one relocatable object, make every hidden name local, and put it into an archive.
set -eu
objcopy=$1 ar=$2 output=$3 work=$4
shift 4
inputs=
while [ "$1" != -- ]; do
  inputs="$inputs $1"
  shift
done
shift
mkdir -p "$work"
# Sections stay apart, so that a linker can still drop what a program does not call; groups do not: a program with a group
# of the same name would drop ours, whose names are local by then.
"$@" -r -nostdlib -Wl,--force-group-allocation -o "$work/orthant.o" -Wl,--whole-archive $inputs -Wl,--no-whole-archive
"$objcopy" --localize-hidden "$work/orthant.o"
rm -f "$output"
"$ar" rcs "$output" "$work/orthant.o"
