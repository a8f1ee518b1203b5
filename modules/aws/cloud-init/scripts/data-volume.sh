# The data volume outlives the instance. It is found by its id, formatted only if every sign says blank, mounted by UUID.

# The link udev makes from the NVMe serial number, which on Nitro is the volume id without its dash.
volume_link() { printf '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_%s' "${1/-/}"; }

# A volume is blank when no signature is on it and its first and last MiB are zeros. Anything else may be somebody's data.
blank() {
  local device=$1 size status=0
  blkid --probe "$device" >/dev/null 2>&1 || status=$?
  # 2: nothing recognised. 0: something is there; 8: several things are; 4: the probe itself failed.
  ((status == 2)) || return 1
  [[ -z $(wipefs --no-act --parsable "$device") ]] || return 1
  size=$(blockdev --getsize64 "$device")
  cmp --silent --bytes=1048576 "$device" /dev/zero || return 1
  cmp --silent --bytes=1048576 --ignore-initial=$((size - 1048576)):0 "$device" /dev/zero
}

# mount_data_volume VOLUME_ID DIRECTORY
mount_data_volume() {
  local id=$1 directory=$2 link device uuid
  link=$(volume_link "$id")
  until_true 600 "data volume $id" test -b "$link"
  device=$(readlink -f "$link")
  if blank "$device"; then
    log "$id is blank: making a file system"
    # Without -f: mkfs refuses by itself if it sees what the checks above did not.
    mkfs.xfs -q "$device"
    udevadm settle 2>/dev/null || true
  fi
  [[ $(blkid --probe --output value --match-tag TYPE "$device") == xfs ]] ||
    fail "$id is neither blank nor XFS: it is left as it is, look at it by hand"
  uuid=$(blkid --probe --output value --match-tag UUID "$device")
  mkdir -p "$directory"
  # nofail: a missing volume must not cost the way in (SSM); the service refuses to start without the mount.
  if ! grep -q "^UUID=$uuid $directory " /etc/fstab; then
    { grep -v " $directory xfs " /etc/fstab || true; printf 'UUID=%s %s xfs defaults,noatime,nofail 0 2\n' "$uuid" "$directory"; } |
      write_file 0644 root /etc/fstab
  fi
  mountpoint -q "$directory" || mount --types xfs --options noatime "UUID=$uuid" "$directory"
  # Takes up what an enlarged volume gained; does nothing otherwise.
  xfs_growfs "$directory" >/dev/null
}
