/** Pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** A JPEG's size stands behind its metadata, which is seldom longer. In base64 characters. */
const READ_AT_MOST = 512 * 1024;

/** The size that an image's own header says; undefined where it is none of PNG, JPEG, GIF and WebP. */
export function imageSize(base64: string): ImageSize | undefined {
  const bytes = Buffer.from(base64.slice(0, READ_AT_MOST), 'base64');
  for (const read of [png, gif, webp, jpeg]) {
    const size = read(bytes);
    if (size) return size.width > 0 && size.height > 0 ? size : undefined;
  }
  return undefined;
}

function startsWith(bytes: Buffer, at: number, text: string): boolean {
  return bytes.length >= at + text.length && bytes.toString('latin1', at, at + text.length) === text;
}

/** @see https://www.w3.org/TR/png-3/#11IHDR (checked 2026-11-21) */
function png(bytes: Buffer): ImageSize | undefined {
  if (!startsWith(bytes, 0, '\x89PNG\r\n\x1a\n') || bytes.length < 24) return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function gif(bytes: Buffer): ImageSize | undefined {
  if (!startsWith(bytes, 0, 'GIF8') || bytes.length < 10) return undefined;
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

/** @see https://developers.google.com/speed/webp/docs/riff_container (checked 2026-11-21) */
function webp(bytes: Buffer): ImageSize | undefined {
  if (!startsWith(bytes, 0, 'RIFF') || !startsWith(bytes, 8, 'WEBP') || bytes.length < 30) return undefined;
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    default:
      return undefined;
  }
}

/** Frame headers (SOF0 to SOF15) are markers C0 to CF but for three that are something else. */
const NOT_FRAMES: ReadonlySet<number> = new Set([0xc4, 0xc8, 0xcc]);

/** Walks the segments to the frame header. */
function jpeg(bytes: Buffer): ImageSize | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
    } else if (marker >= 0xc0 && marker <= 0xcf && !NOT_FRAMES.has(marker)) {
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    } else {
      at += 2 + bytes.readUInt16BE(at + 2);
    }
  }
  return undefined;
}
