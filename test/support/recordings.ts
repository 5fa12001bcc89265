import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import type { Operation } from '../../src/core/call.ts';
import { type Json, isJsonObject, parseJson } from '../../src/core/json.ts';

/** The protocols of the recordings that are listed here. */
export type RecordedDialect = 'openai' | 'anthropic';

/** What a real provider once answered, as the bytes of its HTTP body. */
export interface Recording {
  /** `package/file`, e.g. `groq/groq-text.chunks.txt`. */
  readonly name: string;
  readonly dialect: RecordedDialect;
  readonly operation: Operation;
  readonly kind: 'stream' | 'whole' | 'error';
  readonly bytes: Buffer;
  /** Why it is no faithful recording of a provider, where it is none. */
  readonly faulty: string | undefined;
}

interface Source {
  readonly label: string;
  /** Under the recordings' folder. */
  readonly files: string;
  readonly dialect: RecordedDialect;
  readonly operation?: Operation;
}

const PACKAGES = 'vercel-ai-fixtures/packages';
const ANTHROPIC_SDK = 'anthropic-sdk-sse';

function openAiShaped(label: string, files: string): Source {
  return { label, files: `${PACKAGES}/${files}`, dialect: 'openai' };
}

/** The folders hold other protocols too (responses, transcription), which are not listed here. */
const SOURCES: readonly Source[] = [
  openAiShaped('openai', 'openai/src/chat/__fixtures__/*'),
  { ...openAiShaped('openai', 'openai/src/embedding/__fixtures__/*.json'), operation: 'embeddings' },
  openAiShaped('deepseek', 'deepseek/src/chat/__fixtures__/*'),
  openAiShaped('groq', 'groq/src/__fixtures__/groq-{reasoning,text,tool-call}.*'),
  openAiShaped('mistral', 'mistral/src/__fixtures__/mistral-{incremental-tool-call,reasoning,text,tool-call}.*'),
  openAiShaped('moonshotai', 'moonshotai/src/__fixtures__/*'),
  openAiShaped('alibaba', 'alibaba/src/__fixtures__/*'),
  openAiShaped('xai', 'xai/src/__fixtures__/*'),
  openAiShaped('openai-compatible', 'openai-compatible/src/chat/__fixtures__/*'),
  openAiShaped('azure', 'azure/src/__fixtures__/azure-deepseek-*'),
  { label: 'anthropic', files: `${PACKAGES}/anthropic/src/__fixtures__/*`, dialect: 'anthropic' },
  { label: 'anthropic-sdk', files: `${ANTHROPIC_SDK}/*.sse`, dialect: 'anthropic' },
  { label: 'anthropic-sdk', files: `${ANTHROPIC_SDK}/tests/lib/streaming/fixtures/*.txt`, dialect: 'anthropic' },
];

/** Recordings that were made by hand, to try what a reader does with damage. */
const FAULTY: ReadonlyMap<string, string> = new Map([
  ['anthropic/duplicate-message-start.chunks.txt', 'message_start comes twice'],
  ['anthropic/spliced-message-start.chunks.txt', 'a second answer begins inside the first'],
]);

const FOLDER = join(process.env['CAUSEWAY_TEST_DATA'] ?? join('..', 'shared', 'data'), 'protocol');
const ROOT = resolve(import.meta.dirname, '..', '..');

/** Why tests with recordings cannot run here, as the `skip` option of a test; false where they can. */
export function recordingsMissing(): string | false {
  return existsSync(resolve(ROOT, FOLDER))
    ? false
    : `no recordings in ${FOLDER}; CAUSEWAY_TEST_DATA names the folder that holds them`;
}

/** Every recording of a protocol that is relayed; none where the folder is not there. */
export function loadRecordings(): readonly Recording[] {
  return SOURCES.flatMap((source) =>
    globSync(source.files, { cwd: resolve(ROOT, FOLDER) })
      .toSorted()
      .flatMap((file) => load(source, resolve(ROOT, FOLDER, file))),
  );
}

/** The files that a pattern fits, below the packages' folder; none where it is not there. */
export function recordedFiles(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: resolve(ROOT, FOLDER, PACKAGES) }).toSorted();
}

/** One recorded JSON body, by its path below the packages' folder. */
export function recordedJson(file: string): unknown {
  return JSON.parse(recordedText(file));
}

/** One recording as it lies there, by its path below the packages' folder. */
export function recordedText(file: string): string {
  return readFileSync(resolve(ROOT, FOLDER, PACKAGES, file), 'utf8');
}

function load({ label, dialect, operation = 'chat' }: Source, path: string): Recording[] {
  const file = `${label}/${basename(path)}`;
  const text = readFileSync(path, 'utf8');
  const recording = (name: string, kind: Recording['kind'], body: string): Recording => {
    return { name, dialect, operation, kind, bytes: Buffer.from(body), faulty: FAULTY.get(file) };
  };
  if (dirname(path).includes(ANTHROPIC_SDK)) return [recording(file, 'stream', text)];
  if (!path.endsWith('.chunks.txt')) return [recording(file, kindOf(parseJson(text)), text)];
  const answers = answersIn(text, dialect);
  return answers.map((chunks, at) => {
    const name = answers.length === 1 ? file : `${file} (${at + 1})`;
    return recording(name, 'stream', frame(chunks, dialect));
  });
}

function kindOf(body: Json | undefined): 'whole' | 'error' {
  return isJsonObject(body) && body['error'] !== undefined ? 'error' : 'whole';
}

/** A file has one JSON chunk a line, and some files hold the answers of several requests one after the other. */
function answersIn(text: string, dialect: RecordedDialect): string[][] {
  const chunks = text.split('\n').filter((line) => line.trim() !== '');
  if (dialect === 'openai') return [chunks];
  const answers: string[][] = [[]];
  for (const chunk of chunks) {
    answers.at(-1)?.push(chunk);
    if (typeOf(chunk) === 'message_stop') answers.push([]);
  }
  return answers.filter((answer) => answer.length > 0);
}

/** The chunks as their provider frames them. */
function frame(chunks: readonly string[], dialect: RecordedDialect): string {
  if (dialect === 'openai') return [...chunks, '[DONE]'].map((chunk) => `data: ${chunk}\n\n`).join('');
  return chunks.map((chunk) => `event: ${typeOf(chunk)}\ndata: ${chunk}\n\n`).join('');
}

function typeOf(chunk: string): string {
  const { type } = JSON.parse(chunk) as { readonly type: string };
  return type;
}

/** What Bedrock once answered: a whole JSON body, or the events of a stream without their binary frames. */
export interface ConverseRecording {
  readonly name: string;
  readonly kind: 'stream' | 'whole';
  /** The body, or one event a line as `{ "<event type>": payload }`. */
  readonly text: string;
}

export function loadConverseRecordings(): readonly ConverseRecording[] {
  const folder = resolve(ROOT, FOLDER);
  return globSync(`${PACKAGES}/amazon-bedrock/src/__fixtures__/*`, { cwd: folder })
    .toSorted()
    .map((file) => {
      const kind = file.endsWith('.chunks.txt') ? 'stream' : 'whole';
      return { name: basename(file), kind, text: readFileSync(resolve(folder, file), 'utf8') };
    });
}
