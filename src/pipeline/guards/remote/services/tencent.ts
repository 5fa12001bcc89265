import { type Json, type JsonObject, asCount, asString, isJsonObject } from '../../../../core/json.ts';
import { type JudgedText, type Judgement, JudgeFailed } from '../../engine/judge.ts';
import { type Asker, clamped, highest, isName } from '../asker.ts';
import type { TencentSettings } from '../settings.ts';
import { type ServiceAnswer, type ServiceDeps, postJson } from './post-json.ts';
import { tc3Authorization } from './signatures.ts';

/** What one request takes. Characters. */
const MOST_CHARS = 10_000;

const ACTION = 'TextModeration';
const CONTENT_TYPE = 'application/json; charset=utf-8';

/**
 * Tencent Cloud's TextModeration.
 * @see https://cloud.tencent.com/document/api/1124/51860 (checked 2026-11-22)
 */
export function tencentAsker(
  deps: ServiceDeps,
  name: string,
  settings: TencentSettings,
  counted: readonly string[],
): Asker {
  const url = new URL(settings.baseUrl ?? 'https://tms.tencentcloudapi.com/');
  const own = JSON.stringify([name, 'tencent', settings.bizType ?? '', ...counted]);
  return {
    name,
    keyOf: () => own,
    maySee: ({ confinedTo }) => confinedTo === undefined,
    mostChars: () => MOST_CHARS,
    async ask(asked) {
      const { body, headers } = requestOf(settings, url, asked, Math.floor(deps.clock.now() / 1000));
      const { allowedMs, call } = asked;
      const answer = await postJson(deps, {
        service: name,
        url,
        headers,
        body,
        allowedMs,
        cancellation: call.cancellation,
      });
      return judgementIn(name, answer, counted);
    },
  };
}

function requestOf(
  { secretId, secretKey, region, bizType }: TencentSettings,
  url: URL,
  { text }: JudgedText,
  seconds: number,
): { readonly body: string; readonly headers: Record<string, string> } {
  const content = Buffer.from(text, 'utf8').toString('base64');
  const body = JSON.stringify({ Content: content, ...(bizType === undefined ? {} : { BizType: bizType }) });
  const signed = { 'content-type': CONTENT_TYPE, 'x-tc-action': ACTION.toLowerCase() };
  const parts = { host: url.host, path: url.pathname, headers: signed, body };
  const headers = {
    'content-type': CONTENT_TYPE,
    'x-tc-action': ACTION,
    'x-tc-version': '2020-12-29',
    'x-tc-timestamp': String(seconds),
    'x-tc-region': region,
    authorization: tc3Authorization(parts, { service: 'tms', seconds }, secretId, secretKey),
  };
  return { body, headers };
}

/** A word of an own list has the score 0, so what is to be done with it says more than its score. */
const SUGGESTIONS: Readonly<Record<string, readonly [from: number, to: number]>> = {
  Block: [0.9, 1],
  Review: [0.5, 0.89],
  Pass: [0, 0],
};

/** @throws JudgeFailed where it is a refusal, which comes with status 200 too, or no answer of that service */
function judgementIn(name: string, { status, json }: ServiceAnswer, counted: readonly string[]): Judgement {
  const response = json['Response'];
  if (status !== 200 || !isJsonObject(response)) throw new JudgeFailed(`${name} failed (${status})`);
  const error = response['Error'];
  if (isJsonObject(error)) throw refusalOf(name, error);
  const [whole] = labelled(response);
  if (!whole) throw new JudgeFailed(`${name} answered without a suggestion`);
  const details = response['DetailResults'];
  const found = [whole, ...(Array.isArray(details) ? details.flatMap(labelled) : [])];
  const categories: Record<string, number> = {};
  for (const [label, score] of found) {
    if (label !== '' && score > 0) categories[label] = Math.max(categories[label] ?? 0, score);
  }
  const requestId = asString(response['RequestId']);
  const isBare = Object.keys(categories).length === 0;
  return {
    score: isBare ? whole[1] : highest(categories, counted),
    categories,
    detail: requestId !== undefined && isName(requestId) ? { requestId } : {},
  };
}

/** The label of what was found, and its score; none where it has no suggestion that is known. */
function labelled(value: Json): readonly (readonly [label: string, score: number])[] {
  if (!isJsonObject(value)) return [];
  const bounds = SUGGESTIONS[asString(value['Suggestion']) ?? ''];
  if (!bounds) return [];
  const [from, to] = bounds;
  const score = clamped((asCount(value['Score']) ?? 0) / 100);
  const label = asString(value['Label']) ?? '';
  return [[isName(label) ? label : '', Math.min(Math.max(score, from), to)]];
}

/** The first that fits. */
const REFUSALS: readonly (readonly [code: RegExp, says: string])[] = [
  [/^(RequestLimitExceeded|LimitExceeded)/, 'asks for fewer requests; its quota of requests a second is used up'],
  [/^AuthFailure\.(SecretIdNotFound|InvalidSecretId)/, 'does not know the key; check secretId'],
  [/^AuthFailure\.SignatureExpire/, 'refused the time of the request; check the clock of this machine'],
  [/^AuthFailure\.SignatureFailure/, 'refused the signature; check secretKey'],
  [
    /^(AuthFailure|UnauthorizedOperation|ResourceUnavailable|FailedOperation\.(?:ErrNotOpen|NotOpen))/,
    'refused: the service is not activated, not paid, or not allowed for this key',
  ],
  [/^UnsupportedRegion/, 'is not there in this region; check region and baseUrl'],
  [/^(Invalid|Missing|Unknown|Unsupported)/, 'refused the request as wrong; check bizType and region'],
];

function refusalOf(name: string, error: JsonObject): JudgeFailed {
  const code = asString(error['Code']) ?? '';
  const says = REFUSALS.find(([pattern]) => pattern.test(code))?.[1] ?? 'failed';
  return new JudgeFailed(`${name} ${says}${isName(code) ? ` (${code})` : ''}`);
}
