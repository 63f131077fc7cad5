"""Runs a command where there is no network but loopback, and says if anything tried to leave it.

Usage: alone.py [--in-vain] COMMAND…      ends as the command does, and with 1 if something tried to leave

With `--in-vain` trying is no error: a configuration that names real providers has their names looked up.

Needs root, or a system that lets users make network namespaces; elsewhere it says so loudly and runs the command as it is.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import subprocess
import sys

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
WAYS = (["unshare", "--net"], ["unshare", "--map-root-user", "--net"])


def loopback() -> None:
    """Brings `lo` up: a new namespace has it down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        name = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, name))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


def nowhere_to_go() -> int:
    """How often something wanted to go where no route leads."""
    count = 0
    with open("/proc/net/snmp") as file:
        lines = [line.split() for line in file if line.startswith("Ip:")]
    count += int(dict(zip(*lines))["OutNoRoutes"])
    if os.path.exists("/proc/net/snmp6"):
        with open("/proc/net/snmp6") as file:
            count += sum(int(line.split()[1]) for line in file if line.startswith("Ip6OutNoRoutes"))
    return count


def inside(command: list[str]) -> int:
    in_vain = command[0] == "--in-vain"
    command = command[in_vain:]
    loopback()
    before = nowhere_to_go()
    ended = subprocess.run(command).returncode
    left = nowhere_to_go() - before
    if left and not in_vain:
        print(f"LEFT LOOPBACK: {left} times {command[0]} or what it started wanted to reach another host", flush=True)
    return ended or int(left > 0 and not in_vain)


def main() -> int:
    if sys.argv[1] == "--inside":
        return inside(sys.argv[2:])
    for way in WAYS:
        try:
            if subprocess.run([*way, "true"], capture_output=True).returncode == 0:
                return subprocess.run([*way, sys.executable, __file__, "--inside", *sys.argv[1:]]).returncode
        except FileNotFoundError:
            break
    print("NOT ALONE: no network namespace can be made here, so nothing shows that all stays on loopback", flush=True)
    return subprocess.run([word for word in sys.argv[1:] if word != "--in-vain"]).returncode


if __name__ == "__main__":
    sys.exit(main())
