#!/bin/sh
# Prints a Python that the course runs on (3.11 to 3.13, with venv), trying $PYTHON first; else says what to install.
set -u
found_versions=""
for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3 /usr/bin/python3; do
    # A name on PATH may be a pyenv shim that only complains, so each candidate is run, not just looked up.
    version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    case "$version" in
    3.11 | 3.12 | 3.13) ;;
    *)
        found_versions="$found_versions $candidate is $version;"
        continue
        ;;
    esac
    if "$candidate" -c 'import venv, ensurepip' 2>/dev/null; then
        case "${PYTHON:-python3}" in
        python3 | "$candidate") ;;
        *) echo "PYTHON=$PYTHON cannot be used (the course needs 3.11 to 3.13, with venv); taking $candidate." >&2 ;;
        esac
        printf '%s\n' "$candidate"
        exit 0
    fi
    found_versions="$found_versions $candidate is $version but its venv module is missing;"
done
{
    echo "No usable Python found. The course needs Python 3.11, 3.12 or 3.13 with its venv module."
    [ -n "$found_versions" ] && echo "Found:$found_versions"
    echo "Debian, Ubuntu, WSL2:  sudo apt-get install python3-venv   (if python3 is older than 3.11, also a newer one)"
    echo "macOS:                 brew install python@3.12"
    echo "Then run the same command again, or name a Python yourself:  make lab PYTHON=/path/to/python3.12"
} >&2
exit 1
