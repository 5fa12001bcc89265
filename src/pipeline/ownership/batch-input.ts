import { GatewayError } from '../../core/errors.ts';
import { type JsonObject, asString, isJsonObject, parseJson } from '../../core/json.ts';
import type { Reply, ReplyStream } from '../../core/reply.ts';
import { type Reference, itemReferencesIn, referencesIn, rejectDoubledKeys } from './references.ts';

/** One request of a batch is no longer than any other body. */
const MOST_LINE_BYTES = 16 * 1024 * 1024;
/** What all requests of a batch may name; they are asked for together. */
const MOST_REFERENCES = 20_000;
const LF = 0x0a;

/** What a batch's requests may do. */
export interface BatchRules {
  /** Whether its key may ask for this model; undefined where it may ask for any. */
  readonly mayAsk: ((model: string) => boolean) | undefined;
}

/**
 * Looks through a batch's input, line by line as it comes, for models that its key may not use.
 * @returns what its requests name of what the provider keeps
 * @throws auth_forbidden, request_invalid where a line cannot be read
 */
export async function readBatchInput(content: Reply, rules: BatchRules): Promise<Reference[]> {
  const lines = new LineCheck(rules);
  if (content.kind === 'whole') lines.take(Buffer.from(content.body));
  else if (content.kind === 'stream') await readAll(content.stream, (bytes) => lines.take(bytes));
  lines.end();
  return [...lines.references.values()];
}

async function readAll(stream: ReplyStream, take: (bytes: Buffer) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  stream.read({
    item({ bytes }) {
      try {
        if (bytes) take(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      } catch (thrown) {
        reject(thrown);
        stream.abort('client');
      }
      return true;
    },
    terminal(terminal) {
      if (terminal.kind === 'completed') resolve();
      else reject(terminal.kind === 'failed' ? terminal.error : new GatewayError('client_aborted'));
    },
  });
  await promise;
}

class LineCheck {
  readonly references = new Map<string, Reference>();
  readonly #rules: BatchRules;
  #rest: Buffer[] = [];
  #restBytes = 0;
  #line = 0;

  constructor(rules: BatchRules) {
    this.#rules = rules;
  }

  take(chunk: Buffer): void {
    let from = 0;
    for (let lf = chunk.indexOf(LF); lf >= 0; lf = chunk.indexOf(LF, from)) {
      this.#keep(chunk.subarray(from, lf));
      this.end();
      from = lf + 1;
    }
    this.#keep(chunk.subarray(from));
  }

  end(): void {
    const bytes = Buffer.concat(this.#rest, this.#restBytes);
    this.#rest = [];
    this.#restBytes = 0;
    this.#line += 1;
    const text = bytes.toString('utf8').trim();
    if (text !== '') this.#check(text);
  }

  #keep(bytes: Buffer): void {
    this.#restBytes += bytes.length;
    if (this.#restBytes > MOST_LINE_BYTES) throw this.#unreadable('is over 16 MB');
    if (bytes.length > 0) this.#rest.push(bytes);
  }

  #check(text: string): void {
    const request = parseJson(text);
    const body = isJsonObject(request) ? request['body'] : undefined;
    if (!isJsonObject(body)) throw this.#unreadable('is no JSON object with a `body`');
    const raw = Buffer.from(text);
    this.#checkModel(raw, body);
    for (const reference of [...referencesIn({ raw, resolved: body }), ...itemReferencesIn(body)]) {
      this.references.set(reference.id, { id: reference.id, field: 'input_file_id' });
    }
    if (this.references.size > MOST_REFERENCES) throw this.#refusal(`name more than ${MOST_REFERENCES} ids`);
  }

  #checkModel(raw: Buffer, body: JsonObject): void {
    const { mayAsk } = this.#rules;
    if (!mayAsk) return;
    rejectDoubledKeys(raw);
    const model = asString(body['model']);
    if (model === undefined) throw this.#unreadable('has no `body.model`');
    if (mayAsk(model)) return;
    throw new GatewayError('auth_forbidden', {
      message: `This key may not use the model "${model.slice(0, 100)}", which line ${this.#line} of the batch asks for.`,
      param: 'input_file_id',
    });
  }

  #unreadable(why: string): GatewayError {
    return new GatewayError('request_invalid', {
      message: `Line ${this.#line} of the batch ${why}, so that it cannot be seen whether this key may ask for it.`,
      param: 'input_file_id',
    });
  }

  #refusal(why: string): GatewayError {
    return new GatewayError('request_invalid', { message: `The batch's lines ${why}.`, param: 'input_file_id' });
  }
}
