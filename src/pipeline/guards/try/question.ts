import { type Static, Type } from 'typebox';

import { GatewayError } from '../../../core/errors.ts';
import { type JsonObject, isJsonObject } from '../../../core/json.ts';

const SIDES = ['input', 'output'] as const;
type Side = (typeof SIDES)[number];

const USUAL_ENDPOINT = '/v1/chat/completions';

const maybe = (description: string) => Type.Optional(Type.String({ description }));

export const TryQuestion = Type.Object(
  {
    side: Type.String({ description: `${SIDES.join(', ')}: what a client asks, or what a model answers` }),
    text: maybe('What the user says, or the model'),
    body: Type.Optional(Type.Unknown({ description: 'Of the input: a whole request, in place of a text' })),
    endpoint: maybe(`Of a body: the path that it is for; ${USUAL_ENDPOINT} where absent`),
    policy: maybe('The name of a policy'),
    model: maybe('In place of a policy: the one of this model'),
    project: maybe('With `model` or alone: the one of this project as well'),
    judges: Type.Optional(
      Type.Boolean({ description: 'true: models and services are asked as well, which costs what it costs' }),
    ),
  },
  { description: 'Something that is not sent' },
);

/** What somebody would like to know. */
export interface TryAsked {
  readonly side: Side;
  /** Of a body: undefined. */
  readonly text: string | undefined;
  readonly endpoint: string;
  /** The request, as it would be sent; of an answer one that says nothing. */
  readonly body: JsonObject;
  readonly policy: string | undefined;
  readonly model: string | undefined;
  readonly project: string | undefined;
  readonly asksJudges: boolean;
}

/** @throws request_invalid */
export function readTryQuestion(asked: unknown): TryAsked {
  if (!isJsonObject(asked)) throw invalid('The body must be a JSON object such as {"side": "input", "text": "…"}.');
  const unknown = Object.keys(asked).find((name) => !(name in TryQuestion.properties));
  if (unknown !== undefined) {
    const known = Object.keys(TryQuestion.properties).join(', ');
    throw invalid(`There is no \`${unknown.slice(0, 100)}\` in a question. There are ${known}.`, unknown);
  }
  const side = SIDES.find((one) => one === asked['side']);
  if (!side) throw invalid('`side` must be input or output.', 'side');
  const { judges = false } = asked as Static<typeof TryQuestion>;
  if (typeof judges !== 'boolean') throw invalid('`judges` must be true or false.', 'judges');
  const [policy, model] = [textOf(asked, 'policy'), textOf(asked, 'model')];
  const project = textOf(asked, 'project');
  if (policy !== undefined && (model !== undefined || project !== undefined)) {
    throw invalid('`policy` stands beside `model` or `project`; name the one or the others.', 'policy');
  }
  return { side, ...readTexts(asked, side, model), policy, model, project, asksJudges: judges };
}

function readTexts(asked: JsonObject, side: Side, model = 'text'): Pick<TryAsked, 'text' | 'endpoint' | 'body'> {
  const text = textOf(asked, 'text');
  const { body } = asked;
  if ((text === undefined) === (body === undefined)) {
    throw invalid('Give either `text` or, of the input, `body`.', text === undefined ? 'text' : 'body');
  }
  if (body === undefined) {
    const said = side === 'input' ? text : '-';
    return { text, endpoint: USUAL_ENDPOINT, body: { model, messages: [{ role: 'user', content: said ?? '' }] } };
  }
  if (side === 'output') throw invalid('An answer is tried as a `text`; `body` is for requests.', 'body');
  if (!isJsonObject(body)) throw invalid('`body` must be a request, a JSON object.', 'body');
  return { text, endpoint: textOf(asked, 'endpoint') ?? USUAL_ENDPOINT, body: { model, ...body } };
}

function textOf(asked: JsonObject, name: string): string | undefined {
  const value = asked[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  throw invalid(`\`${name}\` must be a text.`, name);
}

export function invalid(message: string, param?: string): GatewayError {
  return new GatewayError('request_invalid', { message, ...(param === undefined ? {} : { param }) });
}
