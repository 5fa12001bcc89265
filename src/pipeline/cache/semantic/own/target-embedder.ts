import { type Call, type Target, targetName } from '../../../../core/call.ts';
import type { Clock } from '../../../../core/clock.ts';
import type { Vector } from '../../../../core/inference/embedding.ts';
import type { Handler } from '../../../../core/stage.ts';
import { unitLength } from '../../../../models/vectors/embed/encoder.ts';
import type { MadeVector } from '../../../../models/vectors/embed/messages.ts';
import { embeddingRequest, ownCall } from '../../../../models/own-calls/own-call.ts';

export interface OwnDeps {
  readonly clock: Clock;
  /** Asks a target through records, budgets and the way along targets. */
  readonly ask: Handler;
}

/** A request that waits for it has been answered without it long before. */
const ALLOWED_MS = 10_000;

/** The vector of a text, made by a target; undefined where it cannot be had. It may be that this costs something. */
export async function embedByTarget(
  deps: OwnDeps,
  call: Call,
  target: Target,
  text: string,
): Promise<MadeVector | undefined> {
  try {
    const reply = await deps.ask(
      ownCall(
        { clock: deps.clock, endpoint: 'causeway/semantic-cache' },
        call,
        target,
        embeddingRequest([text], target.model),
        ALLOWED_MS,
      ),
    );
    const [vector] = reply.kind === 'vectors' ? reply.answer.vectors : [];
    const values = vector === undefined ? undefined : numbersOf(vector);
    return values && values.length > 0
      ? { space: `target ${targetName(target)}`, vector: unitLength(values) }
      : undefined;
  } catch {
    return undefined;
  }
}

function numbersOf(vector: Vector): Float32Array {
  if (typeof vector !== 'string') return Float32Array.from(vector);
  const bytes = Buffer.from(vector, 'base64');
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readFloatLE(at * 4));
}
