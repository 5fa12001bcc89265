import { GatewayError } from '../../core/errors.ts';
import { asString, isJsonObject, parseJson } from '../../core/json.ts';
import type { Reply, ReplyStream } from '../../core/reply.ts';

/** One request of a batch is no longer than any other body. */
const MOST_LINE_BYTES = 16 * 1024 * 1024;
const LF = 0x0a;

/** Says whether a batch may ask for a model. */
export type MayAsk = (model: string) => boolean;

/**
 * Looks through a batch's input, line by line as it comes, for models that its key may not use.
 * @throws auth_forbidden, request_invalid where a line cannot be read
 */
export async function requireModels(content: Reply, mayAsk: MayAsk): Promise<void> {
  const lines = new LineCheck(mayAsk);
  if (content.kind === 'whole') lines.take(Buffer.from(content.body));
  else if (content.kind === 'stream') await readAll(content.stream, (bytes) => lines.take(bytes));
  lines.end();
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
  readonly #mayAsk: MayAsk;
  #rest: Buffer[] = [];
  #restBytes = 0;
  #line = 0;

  constructor(mayAsk: MayAsk) {
    this.#mayAsk = mayAsk;
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
    const text = Buffer.concat(this.#rest, this.#restBytes).toString('utf8').trim();
    this.#rest = [];
    this.#restBytes = 0;
    this.#line += 1;
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
    const model = isJsonObject(body) ? asString(body['model']) : undefined;
    if (model === undefined) throw this.#unreadable('has no `body.model`');
    if (this.#mayAsk(model)) return;
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
}
