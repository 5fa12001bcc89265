import { hash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

/** Far over what a build of the console has; a wrong folder is noticed before it fills the memory. */
const MAX_FILES = 2000;
const MAX_BYTES = 64 * 1024 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** As `content-encoding` calls them, best first, with what the build adds to the file's name. */
const ENCODINGS = { br: '.br', gzip: '.gz' } as const;
export type Encoding = keyof typeof ENCODINGS;

/** Names that contain a hash of what is inside. */
const HASHED = /^assets\/.*-[\w-]{8}\.\w+$/;

export const INDEX = 'index.html';

/** A file of the console as it is sent. */
export interface ServedFile {
  readonly type: string;
  readonly body: Buffer;
  /** The same, compressed when it was built. */
  readonly encoded: ReadonlyMap<Encoding, Buffer>;
  /** Of what is inside, without quotes. */
  readonly tag: string;
  /** What has this name never has another content. */
  readonly isImmutable: boolean;
}

/** By path below the folder, with `/` on every platform. */
export type FileSet = ReadonlyMap<string, ServedFile>;

/** Whether a path names a kind of file that the console consists of, and not one of its pages. */
export function namesFile(path: string): boolean {
  return path.startsWith('assets/') || Object.hasOwn(TYPES, extname(path).toLowerCase());
}

/**
 * All files of a folder, in memory: what is served cannot be outside of it. Links are left out.
 * @throws the system's error; RangeError where it is larger than any console
 */
export async function readFileSet(folder: string): Promise<FileSet> {
  const paths = await pathsIn(folder);
  const files = new Map<string, ServedFile>();
  for (const path of paths) {
    const type = TYPES[extname(path).toLowerCase()];
    if (type === undefined) continue;
    const body = await readFile(join(folder, path));
    const encoded = new Map<Encoding, Buffer>();
    for (const [encoding, ending] of Object.entries(ENCODINGS) as [Encoding, string][]) {
      if (paths.has(path + ending)) encoded.set(encoding, await readFile(join(folder, path + ending)));
    }
    const tag = hash('sha256', body, 'base64url').slice(0, 22);
    files.set(path, { type, body, encoded, tag, isImmutable: HASHED.test(path) });
  }
  return files;
}

async function pathsIn(folder: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const sizes = paths.length > MAX_FILES ? [] : await Promise.all(paths.map((path) => sizeOf(join(folder, path))));
  const bytes = sizes.reduce((all, one) => all + one, 0);
  if (paths.length > MAX_FILES || bytes > MAX_BYTES) {
    throw new RangeError(`${folder} has more in it than a built console: ${paths.length} files, ${bytes} bytes`);
  }
  return new Set(paths.map((path) => path.split(sep).join('/')));
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size;
}
