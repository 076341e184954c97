#!/bin/sh
# What the image is made of, step by step. The Dockerfile runs these steps and nothing else, so that they can be
# run and tried on a machine without Docker:
#
#   deploy/image.sh console                  build console/dist
#   deploy/image.sh binary                   build the program for release, with the console in it
#   deploy/image.sh root FOLDER [PROGRAM]    put together in FOLDER all that the image holds
#   deploy/image.sh try FOLDER               start the program in there, as the image does (needs root)
#
# FEATURES=otel builds a program that can send traces.
set -eu
cd "$(dirname "$0")/.."
umask 022

# Whoever the program runs as in the image; also in the Dockerfile and deploy/kubernetes/every-pod.yaml.
USER_ID=10001
RELEASE=${CARGO_TARGET_DIR:-target}/release/warmline

fail() {
    echo "deploy/image.sh: $*" >&2
    exit 1
}

need() {
    command -v "$1" >/dev/null 2>&1 || fail "there is no $1 here: $2"
}

console() {
    need npm "install Node 20.19 or later"
    cd console
    npm ci --no-audit --no-fund --loglevel=error
    npm run --silent build
    [ -f dist/index.html ] || fail "the build left no console/dist/index.html"
}

binary() {
    need cargo "install Rust, https://rustup.rs"
    [ -f console/dist/index.html ] || fail "there is no console/dist: run \`deploy/image.sh console\` first"
    # Files that were not there at the last build are no reason for cargo to build anew.
    touch src/console.rs
    # Line numbers in backtraces would be most of the file; the names of functions stay.
    CARGO_PROFILE_RELEASE_STRIP=debuginfo \
        cargo build --release --locked --package warmline --bin warmline ${FEATURES:+--features "$FEATURES"}
    [ -x "$RELEASE" ] || fail "the build left no $RELEASE"
}

root() {
    root=${1:-} program=${2:-$RELEASE}
    [ -n "$root" ] || fail "which folder? deploy/image.sh root FOLDER"
    [ ! -e "$root" ] || fail "$root exists: name a folder that does not, or remove it"
    [ -x "$program" ] || fail "there is no program at $program: run \`deploy/image.sh binary\` first"
    need ldd "it says which libraries the program is linked with"
    need busybox "apt-get install busybox-static; the image asks with it whether the program lives"
    certificates=/etc/ssl/certs/ca-certificates.crt
    [ -s "$certificates" ] || fail "there is no $certificates, by which the carrier is recognised: apt-get install ca-certificates"

    mkdir -p "$root/usr/local/bin" "$root/bin" "$root/etc/ssl/certs" "$root/tmp"
    chmod 1777 "$root/tmp"
    cp -L "$program" "$root/usr/local/bin/warmline"
    cp -L "$(command -v busybox)" "$root/bin/busybox"
    # A shell for supervisors that wrap commands in one, wget for the health check, sleep for the way out.
    for name in sh sleep wget; do ln -s busybox "$root/bin/$name"; done
    libraries "$program"
    libraries "$(command -v busybox)"
    cp -L "$certificates" "$root/etc/ssl/certs/"
    echo "root:x:0:0:root:/:/bin/sh
warmline:x:$USER_ID:$USER_ID:warmline:/:/bin/sh" >"$root/etc/passwd"
    echo "root:x:0:
warmline:x:$USER_ID:" >"$root/etc/group"
    echo "hosts: files dns" >"$root/etc/nsswitch.conf"
    du -sh "$root"
}

# Copies what a program is linked with, and what the C library loads only when a name is looked up.
libraries() {
    for library in $(ldd "$1" 2>/dev/null | grep -o '/[^ )]*' | sort -u); do
        [ -f "$library" ] || continue
        copy_to_same_place "$library"
        case $library in
        */libc.so.*)
            for late in libnss_dns.so.2 libnss_files.so.2 libresolv.so.2; do
                [ ! -f "${library%/*}/$late" ] || copy_to_same_place "${library%/*}/$late"
            done
            ;;
        esac
    done
}

copy_to_same_place() {
    mkdir -p "$root${1%/*}"
    cp -L "$1" "$root$1"
}

try() {
    root=${1:-}
    [ -x "$root/usr/local/bin/warmline" ] || fail "there is no image in '$root': run \`deploy/image.sh root FOLDER\` first"
    need chroot "install coreutils"
    within() { chroot --userspec="$USER_ID:$USER_ID" "$root" "$@"; }
    within /usr/local/bin/warmline --version || fail "the program does not start in $root"
    within /bin/sh -c "exec sleep 0" || fail "there is no shell, or no sleep, in $root"
    within /bin/wget --help 2>&1 | grep -q Usage || fail "there is no wget in $root"
}

step=${1:-help}
[ $# -eq 0 ] || shift
case $step in
console | binary | root | try) "$step" "$@" ;;
*) sed -n '/^#   /s/^#   //p' "$0" ;;
esac
