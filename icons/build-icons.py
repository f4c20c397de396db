#!/usr/bin/env python3
"""Makes latchkey.ico and latchkey.icns from the png files of this folder.

The png files are made from latchkey.svg, for example with librsvg:
    for s in 16 32 48 64 128 256 512; do rsvg-convert -w $s -h $s latchkey.svg -o latchkey-$s.png; done
Both containers hold png images as they are (Windows since Vista, macOS since 10.7).
"""
import pathlib
import struct

HERE = pathlib.Path(__file__).parent


def png(size):
    return (HERE / f"latchkey-{size}.png").read_bytes()


def ico():
    sizes = (16, 32, 48, 64, 128, 256)
    offset = 6 + 16 * len(sizes)
    entries, images = b"", b""
    for size in sizes:
        image = png(size)
        side = size % 256
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(image), offset)
        offset += len(image)
        images += image
    return struct.pack("<HHH", 0, 1, len(sizes)) + entries + images


def icns():
    kinds = {b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512}
    body = b"".join(
        kind + struct.pack(">I", 8 + len(png(size))) + png(size) for kind, size in kinds.items()
    )
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


(HERE / "latchkey.ico").write_bytes(ico())
(HERE / "latchkey.icns").write_bytes(icns())
