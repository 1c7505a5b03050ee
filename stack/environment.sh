#!/bin/sh
# Makes .venv with what a lock file lists: `sh stack/environment.sh requirements.lock`; a second word names another
# directory than .venv.
# Does nothing when that was done before and the lock file is the same; goes on where it was interrupted.
# A POSIX shell and a Python are all there is at this point.
set -eu

lock=$1
venv=${2:-.venv}
newest_tested=13

say() { printf '%s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Prints the minor version of a Python 3, or nothing where it is none.
minor() { "$1" -c 'import sys; sys.version_info[0] == 3 and print(sys.version_info[1])' 2>/dev/null || true; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        version=$(minor "$candidate")
        if [ -n "$version" ] && [ "$version" -ge 11 ] && [ "$version" -le "$newest_tested" ]; then
            python=$candidate
            return
        fi
    done
    version=$(minor python3)
    if [ -n "$version" ] && [ "$version" -gt "$newest_tested" ]; then
        say "python3 is 3.$version, newer than what this was tested with (3.11 to 3.$newest_tested): trying it"
        python=python3
        return
    fi
    fail "Python 3.11, 3.12 or 3.13 is needed, and python3 here is ${version:+3.}${version:-not there}." \
        "Install one (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python@3.13)," \
        "or name one: make PYTHON=/path/to/python3.12 ..."
}

make_venv() {
    if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then return; fi
    find_python
    say "making $venv with $python (3.$version)"
    rm -rf "$venv"
    "$python" -m venv "$venv" || fail "$python cannot make a virtual environment." \
        "On Debian and Ubuntu its venv module is a package of its own: apt-get install python3-venv"
}

# The installed files list what was installed; every change of the lock file changes its sum.
stamp() { printf '%s/.installed-%s' "$venv" "$(basename "$1")"; }
is_installed() { [ "$(cat "$(stamp "$lock")" 2>/dev/null)" = "$(cksum < "$lock")" ]; }

install_packages() {
    packages=$(grep -c '^[A-Za-z0-9]' "$lock")
    log=$venv/install.log
    say "installing up to $packages packages into $venv, once: a minute or two"
    "$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar off --require-hashes \
        --requirement "$lock" > "$log" 2>&1 &
    pip=$!
    trap 'kill $pip 2>/dev/null || true' EXIT INT TERM
    seconds=0
    while kill -0 $pip 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        if [ $((seconds % 10)) -eq 0 ]; then
            say "  ${seconds} s: $(grep -c '^Collecting' "$log" || true) of up to $packages packages looked up"
        fi
    done
    if ! wait $pip; then
        tail -n 5 "$log" >&2
        fail "pip could not install $lock; all it said is in $log. Check the network, then run the same command again."
    fi
    trap - EXIT INT TERM
}

if [ -x "$venv/bin/python" ] && is_installed; then exit 0; fi
make_venv
install_packages
cksum < "$lock" > "$(stamp "$lock")"
# The development lock holds everything that the other one does.
if [ "$lock" = requirements-dev.lock ]; then cksum < requirements.lock > "$(stamp requirements.lock)"; fi
say "$venv is ready"
