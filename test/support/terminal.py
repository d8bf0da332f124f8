"""Runs a program on a pseudo terminal and types for it.

stdin: {"argv": [...], "steps": [["text to wait for", "text to type"], ...]} as JSON
stdout: {"screen": what it showed, "code": its exit code, "listed": the arguments of all processes before each step}
"""

import json
import os
import pty
import select
import subprocess
import sys
import time

job = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.execv(job["argv"][0], job["argv"])

screen, listed = b"", []
deadline = time.monotonic() + 60


def read():
    """What is shown next; nothing at the end."""
    global screen
    if not select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0]:
        os.kill(pid, 9)
        sys.exit("nothing more was shown: " + screen.decode())
    try:
        more = os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side is closed.
        more = b""
    screen += more
    return more


def processes():
    """The arguments of all processes, of Linux without ps, which small systems lack."""
    if not os.path.isdir("/proc/self"):
        return subprocess.run(["ps", "-Ao", "args"], capture_output=True, text=True, check=True).stdout
    found = ""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as arguments:
                found += arguments.read().decode(errors="replace").replace("\0", " ") + "\n"
        except OSError:  # It has ended meanwhile.
            pass
    return found


for expected, typed in job["steps"]:
    seen = len(screen)
    while expected.encode() not in screen[seen:]:
        if not read():
            break
    listed.append(processes())
    os.write(terminal, typed.encode())
while read():
    pass
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
json.dump({"screen": screen.decode(), "code": code, "listed": "".join(listed)}, sys.stdout)
