#!/bin/sh
# merge.sh FORMAT OBJCOPY AR OUTPUT WORKDIR ARCHIVE... -- COMPILER...
# Merge archives into one relocatable object, make every hidden name local, and put it into an archive.  FORMAT: elf,
# mach-o (Apple's linker does both; OBJCOPY is not called) or coff.
set -eu
format=$1 objcopy=$2 ar=$3 output=$4 work=$5
shift 5
inputs=
while [ "$1" != -- ]; do
  inputs="$inputs $1"
  shift
done
shift
mkdir -p "$work"
if [ "$format" = mach-o ]; then
  # With -r Apple's linker makes what is hidden local; what is not ours (a compiler's own helper) is made local too.
  "$@" -r -nostdlib -o "$work/orthant.o" -Wl,-all_load $inputs -Wl,-exported_symbol,'_orthant_*'
else
  # Sections stay apart, so that a linker can still drop what a program does not call; groups do not: a program with a
  # group of the same name would drop ours, whose names are local by then.
  "$@" -r -nostdlib -Wl,--force-group-allocation -o "$work/orthant.o" -Wl,--whole-archive $inputs -Wl,--no-whole-archive
fi
# COFF knows no hidden names: there all are in the namespace of orthant.
[ "$format" != elf ] || "$objcopy" --localize-hidden "$work/orthant.o"
rm -f "$output"
"$ar" rcs "$output" "$work/orthant.o"
