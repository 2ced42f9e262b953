#!/usr/bin/env bash
# Measures our backup repository beside restic and borg, in turns, on the same corpora, and prints the table that docs/performance.md holds.
# CPU time counts; wall time on a shared machine swings by half. Needs restic and borg (Debian: apt install restic borgbackup) and the .NET SDK.
set -euo pipefail

usage() {
  cat <<'TEXT'
tests/Benchmarks/backup-vs-restic.sh [options]
  --work DIR         corpora, repositories and figures (default: a temporary folder, removed afterwards)
  --corpora DIR      where the corpora are or are made (default: WORK/corpora); those that are there are used as they are
  --restore-to DIR   restores go here, best a tmpfs (default: /dev/shm where it has room, else WORK)
  --tools LIST       of: ours, ours-fast, ours-none, restic, borg-lz4, borg-zstd (default: ours,restic,borg-zstd)
  --only LIST        of: tree, dump, random (default: all)
  --operations LIST  of: backup, restore, check, unchanged, changed (default: all; a first backup is always made)
  --rounds N         turns of each tool (default: 3)
  --scale X          size of the corpora that are made, 1.0 = about 1 GB (default: 1.0)
  --from DIR         build the tree of this folder's files; may be repeated (default: the system's shared folders)
  --seed N           another choice of files and records (default: 1)
  --ours COMMAND     the program to measure instead of a Release build of local/
  --tsv FILE         the raw figures (default: WORK/figures.tsv; of a temporary folder they are printed below the table)
  --quick            one round at a twentieth of the size: shows that everything works, measures little
Exit: 0 every target is met, 1 one is missed, 2 usage, 3 a tool failed or restored something else.
TEXT
}

work='' corpora='' restore_base='' tsv='' ours=''
tools=ours,restic,borg-zstd only=tree,dump,random operations=backup,restore,check,unchanged,changed
rounds=3 scale=1.0 seed=1
from=()
while (($# > 0)); do
  case $1 in
    --quick) rounds=1 scale=0.05; shift; continue ;;
    --help | -h) usage; exit 0 ;;
  esac
  if (($# < 2)); then usage >&2; exit 2; fi
  case $1 in
    --work) work=$2 ;;
    --corpora) corpora=$2 ;;
    --restore-to) restore_base=$2 ;;
    --tools) tools=$2 ;;
    --only) only=$2 ;;
    --operations) operations=$2 ;;
    --rounds) rounds=$2 ;;
    --scale) scale=$2 ;;
    --from) from+=(--from "$2") ;;
    --seed) seed=$2 ;;
    --ours) ours=$2 ;;
    --tsv) tsv=$2 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift 2
done
IFS=, read -ra tools <<<"$tools"
IFS=, read -ra only <<<"$only"
for tool in "${tools[@]}"; do
  case $tool in
    ours | ours-fast | ours-none | restic | borg-lz4 | borg-zstd) ;;
    *) echo "unknown tool: $tool" >&2; exit 2 ;;
  esac
done
for corpus in "${only[@]}"; do
  case $corpus in
    tree | dump | random) ;;
    *) echo "unknown corpus: $corpus" >&2; exit 2 ;;
  esac
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
temporary=''
if [[ -z $work ]]; then
  work=$(mktemp -d "${TMPDIR:-/tmp}/backup-vs-restic.XXXXXX")
  temporary=$work
fi
mkdir -p "$work"
work=$(cd "$work" && pwd)
corpora=${corpora:-$work/corpora}
mkdir -p "$corpora"
corpora=$(cd "$corpora" && pwd)
printed=''
if [[ -z $tsv ]]; then
  tsv=$work/figures.tsv
  printed=$temporary
fi

# Each tool's repository, caches and settings are its own and start empty in each round.
lab=$work/lab
# The corpus and its changed twin are put in the same place by renaming, which leaves every file's times alone.
place=$corpora/place
restore=''

put_back() {
  local name
  if [[ -f $corpora/placed ]]; then
    name=$(<"$corpora/placed")
    if [[ -d $place && ! -e $corpora/$name ]]; then mv "$place" "$corpora/$name"; fi
    rm "$corpora/placed"
  fi
}

put() {
  put_back
  echo "$1" >"$corpora/placed"
  mv "$corpora/$1" "$place"
  warm "$place"
}

# shellcheck disable=SC2317 # the trap calls it
leave() {
  local code=$?
  put_back
  rm -rf "$lab"
  if [[ -n $restore ]]; then rm -rf "$restore"; fi
  if [[ -n $temporary ]]; then rm -rf "$temporary"; fi
  exit "$code"
}

# What is read is in memory for every tool alike.
warm() { find "$1" -type f -exec cat {} + >"/dev/null"; }
stored() { find "$1" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%d", sum }'; }
wants() { [[ ,$operations, == *,$1,* ]]; }

dotnet build -c Release "$root/tests/Benchmarks" -nodeReuse:false -v quiet -nologo >&2
bench=$root/tests/Benchmarks/bin/Release/net10.0/Benchmarks
if [[ -z $ours && ,${tools[*]}, == *ours* ]]; then
  dotnet build -c Release "$root/local" -nodeReuse:false -v quiet -nologo >&2
  ours=$root/local/bin/Release/net10.0/maintenance
fi

# Two runs would take the corpora from one another. The builds are over: a compiler that stays in memory would keep the lock.
exec 9>"$corpora/lock"
if ! flock --nonblock 9; then
  echo "another run uses $corpora" >&2
  exit 3
fi

trap leave EXIT
trap 'exit 130' INT TERM
put_back
for corpus in "${only[@]}"; do
  "$bench" corpus "$corpora" --only "$corpus" --scale "$scale" --seed "$seed" "${from[@]}" >&2
done

needed=$(for corpus in "${only[@]}"; do du -sk "$corpora/$corpus"; done | awk '$1 > most { most = $1 } END { print int(most * 1.2) }')
if [[ -z $restore_base ]]; then
  restore_base=$work
  if [[ -d /dev/shm && $(df -Pk /dev/shm | awk 'NR == 2 { print $4 }') -gt $needed ]]; then restore_base=/dev/shm; fi
fi
mkdir -p "$restore_base"
if [[ $(df -PT "$restore_base" | awk 'NR == 2 { print $2 }') != tmpfs ]]; then
  echo "restores go to $restore_base, which is no tmpfs: their times include a file system's own work" >&2
fi
restore=$(mktemp -d "$restore_base/backup-vs-restic.XXXXXX")

# measure CORPUS TOOL OPERATION COMMAND...: runs it, adds its figures, stops everything when it fails.
measure() {
  local corpus=$1 tool=$2 operation=$3 code=0 figures
  shift 3
  rm -f "$lab/figures"
  "$bench" run "$lab/figures" -- "$@" >"$lab/log" 2>&1 </dev/null || code=$?
  if ((code != 0)); then
    echo "$tool failed ($code) at $operation of $corpus: $*" >&2
    tail -n 40 "$lab/log" >&2
    exit 3
  fi
  figures=$(<"$lab/figures")
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$round" "$corpus" "$tool" "$operation" "$figures" "$(stored "$lab/repository")" >>"$tsv"
  awk -F '\t' -v what="round $round, $corpus, $tool, $operation" '{ printf "%s: %.2f s CPU, %.2f s, %d MiB\n", what, $1 + $2, $3, $4 / 1024 }' <<<"$figures" >&2
}

compression() {
  case $1 in
    ours) echo balanced ;;
    ours-fast) echo fast ;;
    ours-none) echo none ;;
    borg-lz4) echo lz4 ;;
    borg-zstd) echo zstd,3 ;;
  esac
}

# Makes the repository where that is a step of its own. It is measured, but counts towards no figure of the table: ours makes it within the first backup.
prepare() {
  local corpus=$1 tool=$2
  case $tool in
    ours*) mkdir "$lab/repository" ;;
    restic) measure "$corpus" "$tool" init restic -r "$lab/repository" init ;;
    borg-*) measure "$corpus" "$tool" init borg init --encryption repokey "$lab/repository" ;;
  esac
}

backup() {
  local corpus=$1 tool=$2 operation=$3
  # A twin put in the same place has the times of the files that are alike, but other inodes.
  case $tool in
    ours*) measure "$corpus" "$tool" "$operation" "$ours" repository backup "$place" --repository "$lab/repository" --passphrase-file "$lab/passphrase" \
      --compression "$(compression "$tool")" --ignore-ctime ;;
    restic) measure "$corpus" "$tool" "$operation" restic -r "$lab/repository" backup --ignore-inode --ignore-ctime "$place" ;;
    borg-*) measure "$corpus" "$tool" "$operation" borg create --compression "$(compression "$tool")" --files-cache mtime,size "$lab/repository::$operation" "$place" ;;
  esac
}

# Restores the newest snapshot; compares it with its source the first time.
restore() {
  # Ours puts the folder's content into the folder named; the others put its whole path there.
  local corpus=$1 tool=$2 operation=$3 archive=$4 found=$restore/out
  mkdir "$restore/out"
  case $tool in
    ours*) measure "$corpus" "$tool" "$operation" "$ours" repository restore latest --repository "$lab/repository" --passphrase-file "$lab/passphrase" --to "$restore/out" ;;
    restic)
      measure "$corpus" "$tool" "$operation" restic -r "$lab/repository" restore latest --target "$restore/out"
      found=$restore/out$place
      ;;
    borg-*)
      (cd "$restore/out" && measure "$corpus" "$tool" "$operation" borg extract "$lab/repository::$archive")
      found=$restore/out$place
      ;;
  esac
  if ((round == 1)) && ! "$bench" compare "$place" "$found"; then
    echo "$tool restored something else of $corpus" >&2
    exit 3
  fi
  rm -rf "$restore/out"
}

check() {
  local corpus=$1 tool=$2
  case $tool in
    ours*) measure "$corpus" "$tool" check "$ours" repository verify --read-data --repository "$lab/repository" --passphrase-file "$lab/passphrase" ;;
    restic) measure "$corpus" "$tool" check restic -r "$lab/repository" check --read-data ;;
    borg-*) measure "$corpus" "$tool" check borg check --verify-data "$lab/repository" ;;
  esac
}

turn() {
  local corpus=$1 tool=$2
  rm -rf "$lab"
  mkdir -p "$lab/cache" "$lab/borg" "$lab/tmp"
  echo 'a passphrase for the benchmark' >"$lab/passphrase"
  # The last turn's writes and deletions are not this turn's.
  sync
  put "$corpus"
  prepare "$corpus" "$tool"
  backup "$corpus" "$tool" backup
  warm "$lab/repository"
  if wants restore; then restore "$corpus" "$tool" restore backup; fi
  if wants check; then check "$corpus" "$tool"; fi
  if wants unchanged; then
    warm "$place"
    backup "$corpus" "$tool" unchanged
  fi
  if wants changed && [[ -d $corpora/$corpus-changed ]]; then
    put "$corpus-changed"
    backup "$corpus" "$tool" changed
    if ((round == 1)); then restore "$corpus" "$tool" restore-changed changed; fi
  fi
  put_back
}

export RESTIC_PASSWORD_FILE=$lab/passphrase RESTIC_CACHE_DIR=$lab/cache
export BORG_BASE_DIR=$lab/borg BORG_PASSCOMMAND="cat $lab/passphrase"
mkdir -p "$lab" "$(dirname "$tsv")"
export TMPDIR=$lab/tmp
printf 'round\tcorpus\ttool\toperation\tuser_s\tsystem_s\twall_s\tpeak_kib\tstored_bytes\n' >"$tsv"
for corpus in "${only[@]}"; do
  for ((round = 1; round <= rounds; round++)); do
    for tool in "${tools[@]}"; do
      turn "$corpus" "$tool"
    done
  done
done

code=0
"$bench" backup-table "$tsv" || code=$?
if [[ -n $printed ]]; then
  echo
  cat "$tsv"
fi
exit "$code"
