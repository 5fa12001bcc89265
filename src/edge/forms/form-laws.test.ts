import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { gatherForm } from './gather-form.ts';
import { HeldForm } from './held-form.ts';
import { readParts } from './read-parts.ts';

const folder = mkdtempSync(join(tmpdir(), 'causeway-forms-'));
after(() => rmSync(folder, { recursive: true }));

const BOUNDARY = '----WebKitFormBoundary7MA4YWxk';

interface Part {
  readonly name: string;
  /** Of files. */
  readonly filename?: string;
  readonly type?: string;
  readonly bytes: Buffer;
}

/** Bytes that a reader could take for a boundary or for a part's head. */
const LOOK_ALIKES = [
  '\r\n',
  '\r\n\r\n',
  '\r',
  '--',
  `\r\n--${BOUNDARY.slice(0, -1)}`,
  `--${BOUNDARY}`,
  `\n--${BOUNDARY}--\r\n`,
  `\r\n--${BOUNDARY.slice(0, 10)}\r\nContent-Disposition: form-data; name="model"\r\n\r\n`,
  `\r\n-${BOUNDARY}`,
];

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(...LOOK_ALIKES).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  ),
  { maxLength: 8 },
);
/** Their like, but never a boundary: no sender chooses one that is in its files. */
function isNoBoundary(bytes: Buffer): boolean {
  return !`\r\n${bytes.toString('latin1')}`.includes(`\r\n--${BOUNDARY}`);
}

const content = pieces.map((list) => Buffer.concat(list)).filter(isNoBoundary);
const text = fc
  .array(fc.oneof(fc.constantFrom(...LOOK_ALIKES), fc.string({ unit: 'grapheme', maxLength: 20 })), { maxLength: 5 })
  .map((list) => Buffer.from(list.join('').toWellFormed()))
  .filter(isNoBoundary);
const name = fc.oneof(
  fc.constantFrom('file', 'language', 'timestamp_granularities[]', 'naïve "name"', '名前', '__proto__', 'a;b=c'),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
    .map((raw) => raw.toWellFormed().replaceAll(/[\\\p{Cc}]/gu, '_')),
);
const filename = fc.oneof(
  fc.constantFrom('speech.wav', 'naïve "take".mp3', '録音.ogg', '', 'a;b=c.txt', 'folder/inner.txt'),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((raw) => raw.toWellFormed().replaceAll(/[\\\p{Cc}]/gu, '_')),
);
const textPart: fc.Arbitrary<Part> = fc.record({ name: name.filter((given) => given !== 'model'), bytes: text });
const filePart: fc.Arbitrary<Part> = fc.record({
  name: name.filter((given) => given !== 'model'),
  filename,
  type: fc.constantFrom('audio/wav', 'audio/webm; codecs=opus', 'application/octet-stream', 'text/plain'),
  bytes: content,
});
const model: Part = { name: 'model', bytes: Buffer.from('lab/whisper') };
const form = fc
  .tuple(fc.array(fc.oneof(textPart, filePart), { maxLength: 6 }), fc.nat(6))
  .map(([parts, at]) => parts.toSpliced(at, 0, model));

function escaped(value: string): string {
  return value.replaceAll('"', '%22');
}

/** As a browser writes it. */
function written(parts: readonly Part[]): Buffer {
  const chunks: Buffer[] = [];
  for (const part of parts) {
    const file = part.filename === undefined ? '' : `; filename="${escaped(part.filename)}"`;
    const type = part.type === undefined ? '' : `Content-Type: ${part.type}\r\n`;
    const head = `Content-Disposition: form-data; name="${escaped(part.name)}"${file}\r\n${type}\r\n`;
    chunks.push(Buffer.from(`--${BOUNDARY}\r\n${head}`), part.bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat([...chunks, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

function chunked(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...places]
    .map((from, at) => bytes.subarray(from, places[at] ?? bytes.length))
    .filter(({ length }) => length > 0);
}

interface Seen {
  readonly name: string;
  readonly filename?: string;
  readonly type?: string;
  readonly hex: string;
}

/** Read by another parser than ours. */
async function readByFetch(contentType: string, bytes: Buffer): Promise<Seen[]> {
  const data = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
  return Promise.all(
    [...data].map(async ([key, value]) =>
      typeof value === 'string'
        ? { name: key, hex: Buffer.from(value).toString('hex') }
        : {
            name: key,
            filename: value.name,
            type: value.type,
            hex: Buffer.from(await value.arrayBuffer()).toString('hex'),
          },
    ),
  );
}

async function throughUs(bytes: Buffer, cuts: readonly number[], memory: number, replaced: Record<string, string>) {
  const chunks = chunked(bytes, cuts);
  const held = new HeldForm(folder, memory);
  try {
    const uploaded = await gatherForm(
      readParts(() => Promise.resolve(chunks.shift()), BOUNDARY),
      held,
      'model',
    );
    const { contentType, bytes: sent } = uploaded.encode(replaced);
    const json = JSON.parse(held.toJson().toString()) as Record<string, unknown>;
    const collected: Uint8Array[] = [];
    for await (const chunk of sent) collected.push(chunk);
    return { json, replayable: uploaded.replayable, seen: await readByFetch(contentType, Buffer.concat(collected)) };
  } finally {
    await held.close();
  }
}

function shownAs({ name: key, filename: file, type, bytes }: Part): Seen {
  const hex = bytes.toString('hex');
  return file === undefined ? { name: key, hex } : { name: key, filename: file, type: type ?? '', hex };
}

const cuts = fc.array(fc.nat(4000), { maxLength: 30 });
const memory = fc.constantFrom(0, 1, 50, 1000, 1024 ** 2);

test('what arrives is what was sent, however the bytes came, where they waited and in what order the parts are', async () => {
  await fc.assert(
    fc.asyncProperty(form, cuts, memory, async (parts, at, room) => {
      const { seen, json } = await throughUs(written(parts), at, room, {});
      assert.deepEqual(seen, parts.map(shownAs));
      assert.equal(json['model'], 'lab/whisper');
    }),
    { numRuns: 400 },
  );
  assert.deepEqual(readdirSync(folder), [], 'nothing stays on disk');
});

test('a replaced field is the only thing that is different', async () => {
  await fc.assert(
    fc.asyncProperty(form, cuts, memory, async (parts, at, room) => {
      const { seen } = await throughUs(written(parts), at, room, { model: 'whisper-1' });
      const expected = parts.map((part) => (part === model ? { ...part, bytes: Buffer.from('whisper-1') } : part));
      assert.deepEqual(seen, expected.map(shownAs));
    }),
  );
});

test('a form cut anywhere is refused, whatever is cut off', async () => {
  await fc.assert(
    fc.asyncProperty(form, cuts, memory, fc.nat(), async (parts, at, room, cut) => {
      const whole = written(parts);
      // Without its last line break it is still complete.
      const short = whole.subarray(0, cut % (whole.length - 2));
      await assert.rejects(throughUs(short, at, room, {}), { code: 'request_invalid' });
    }),
  );
});
