"""Starts the fake for PHP's SoapClient and tells it where.

usage: php_client.py <wsdl> <fake-marketo program>
"""

import pathlib
import subprocess
import sys

from fake import running


def main(wsdl, program):
    script = pathlib.Path(__file__).with_suffix(".php")
    with running(program, "--no-limits") as said:
        done = subprocess.run(["php", script, wsdl, said["soap"], said["user"], said["key"]], timeout=300)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main(*sys.argv[1:])
