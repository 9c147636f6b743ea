"""Writers for the kinds of PNG, TIFF and GIF that Pillow reads but can't write."""

import struct
import zlib

import numpy as np


def packed(rows, bits, order=">"):
    """Rows of samples (height × width × channels) as bytes, each row starting at a byte."""
    if bits == 16:
        return [row.astype(order + "u2").tobytes() for row in rows]
    if bits == 8:
        return [row.astype(np.uint8).tobytes() for row in rows]
    result = []
    for row in rows:
        digits = "".join(format(int(value), f"0{bits}b") for value in row.ravel())
        digits += "0" * (-len(digits) % 8)
        result.append(bytes(int(digits[i:i + 8], 2) for i in range(0, len(digits), 8)))
    return result


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
         (0, 1, 1, 2)]


def png(array, bits, color_type, interlaced=False, palette=None, transparency=None):
    """A PNG of any colour type and bit depth, its rows unfiltered."""
    height, width = array.shape[:2]
    passes = [(x, y, dx, dy) for x, y, dx, dy in ADAM7] if interlaced else [(0, 0, 1, 1)]
    data = b""
    for x, y, dx, dy in passes:
        part = array[y::dy, x::dx]
        if part.size:
            data += b"".join(b"\0" + row for row in packed(part, bits))
    header = struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, int(interlaced))
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    if palette:
        out += chunk(b"PLTE", b"".join(bytes(color) for color in palette))
    if transparency:
        out += chunk(b"tRNS", transparency)
    return out + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def blocks(array, bits, order, tile, rows_per_strip):
    """The bytes of each strip or tile; tiles are padded with zeros."""
    height, width = array.shape[:2]
    if not tile:
        for y in range(0, height, rows_per_strip):
            yield b"".join(packed(array[y:y + rows_per_strip], bits, order))
        return
    for y in range(0, height, tile):
        for x in range(0, width, tile):
            part = np.zeros((tile, tile, array.shape[2]), array.dtype)
            source = array[y:y + tile, x:x + tile]
            part[:source.shape[0], :source.shape[1]] = source
            yield b"".join(packed(part, bits, order))


def tiff(array, bits, photometric, order="<", tile=None, rows_per_strip=None, separate=False,
         extra=None, deflate=False):
    """A TIFF with one page, its directory behind its data."""
    height, width, channels = array.shape
    rows_per_strip = rows_per_strip or height
    planes = [array[:, :, c:c + 1] for c in range(channels)] if separate else [array]
    parts = [part for plane in planes for part in blocks(plane, bits, order, tile, rows_per_strip)]
    if deflate:
        parts = [zlib.compress(part) for part in parts]
    tags = {256: [width], 257: [height], 258: [bits] * channels, 259: [8 if deflate else 1],
            262: [photometric], 277: [channels], 284: [2 if separate else 1]}
    if extra is not None:
        tags[338] = [extra]
    if photometric == 3:
        tags[320] = [int(v) for v in np.linspace(0, 65535, 3 << bits)]
    offsets, data = [], b""
    for part in parts:
        offsets.append(8 + len(data))
        data += part + b"\0" * (len(part) % 2)
    counts = [len(part) for part in parts]
    if tile:
        tags.update({322: [tile], 323: [tile], 324: offsets, 325: counts})
    else:
        tags.update({273: offsets, 278: [rows_per_strip], 279: counts})
    return assemble(tags, data, order)


def assemble(tags, data, order):
    directory_at = 8 + len(data)
    values_at = directory_at + 2 + 12 * len(tags) + 4
    entries, values = b"", b""
    for tag in sorted(tags):
        is_long = tag in (273, 279, 324, 325)
        body = struct.pack(f"{order}{len(tags[tag])}{'I' if is_long else 'H'}", *tags[tag])
        entries += struct.pack(f"{order}HHI", tag, 4 if is_long else 3, len(tags[tag]))
        if len(body) <= 4:
            entries += body.ljust(4, b"\0")
        else:
            entries += struct.pack(order + "I", values_at + len(values))
            values += body + b"\0" * (len(body) % 2)
    mark = b"II" if order == "<" else b"MM"
    header = mark + struct.pack(order + "HI", 42, directory_at)
    return header + data + struct.pack(order + "H", len(tags)) + entries + b"\0" * 4 + values


def patched_gif(data, width, height, left, top):
    """A GIF with another canvas and another place of its first frame."""
    data = bytearray(data)
    data[6:10] = struct.pack("<HH", width, height)
    position = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while data[position] == 0x21:
        position += 2
        while data[position]:
            position += data[position] + 1
        position += 1
    assert data[position] == 0x2C
    data[position + 1:position + 5] = struct.pack("<HH", left, top)
    return bytes(data)
