# Sourced: $python is one that has h5py (Debian's python3-h5py belongs to /usr/bin/python3, not to another one first in PATH).
for python in /usr/bin/python3 python3 ""; do
  [[ $python ]] && "$python" -c "import h5py, numpy" 2>/dev/null && break
done
[[ $python ]] || { echo "FAILED: no python3 has h5py (Debian package python3-h5py)"; exit 1; }
