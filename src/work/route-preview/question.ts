import { GatewayError } from '../../core/errors.ts';
import { type JsonObject, isJsonObject } from '../../core/json.ts';
import { readPeriod } from '../../records/listing/query.ts';
import { MOST_SAMPLE, PreviewQuestion, USUAL_SAMPLE } from './views.ts';

export interface PreviewAsked {
  readonly model: string;
  readonly set: JsonObject;
  readonly since: Date;
  readonly project: string | undefined;
  readonly sample: number;
}

const DAY_MS = 86_400_000;

/** @throws request_invalid */
export function readPreviewQuestion(asked: unknown, now: number): PreviewAsked {
  if (!isJsonObject(asked))
    throw invalid('The body must be a JSON object such as {"model": "chat", "set": {"route": …}}.');
  const unknown = Object.keys(asked).find((name) => !(name in PreviewQuestion.properties));
  if (unknown !== undefined) {
    const known = Object.keys(PreviewQuestion.properties).join(', ');
    throw invalid(`There is no \`${unknown.slice(0, 100)}\` in a question. There are ${known}.`, unknown);
  }
  const { model, set, project, sample = USUAL_SAMPLE } = asked;
  if (typeof model !== 'string' || model === '') throw invalid('`model` must be the name of a virtual model.', 'model');
  if (!isJsonObject(set)) throw invalid('`set` must be what is proposed, such as {"route": {…}}.', 'set');
  if (project !== undefined && typeof project !== 'string') throw invalid('`project` must be a text.', 'project');
  if (typeof sample !== 'number' || !Number.isInteger(sample) || sample < 1 || sample > MOST_SAMPLE) {
    throw invalid(`\`sample\` must be a whole number from 1 to ${MOST_SAMPLE}.`, 'sample');
  }
  const { since = new Date(now - DAY_MS) } = readPeriod({ since: asked['since'] });
  return { model, set, since, project, sample };
}

function invalid(message: string, param?: string): GatewayError {
  return new GatewayError('request_invalid', { message, ...(param === undefined ? {} : { param }) });
}
