import { randomBytes } from 'node:crypto';

import { type Json, type JsonObject, asCount, asString, isJsonObject } from '../../../../core/json.ts';
import { type JudgedText, type Judgement, JudgeFailed } from '../../engine/judge.ts';
import { type Asker, clamped, highest, isName } from '../asker.ts';
import type { AliyunSettings } from '../settings.ts';
import { type ServiceAnswer, type ServiceDeps, postJson } from './post-json.ts';
import { acs3Authorization, sha256 } from './signatures.ts';

/** What one request takes; the service for answers of models takes more. Characters. */
const MOST_CHARS = 2000;
const MOST_ANSWER_CHARS = 5000;

/**
 * Aliyun's TextModerationPlus.
 * @see https://help.aliyun.com/document_detail/2671445.html (checked 2026-11-22)
 */
export function aliyunAsker(
  deps: ServiceDeps,
  name: string,
  settings: AliyunSettings,
  counted: readonly string[],
): Asker {
  const url = new URL(settings.baseUrl ?? `https://green-cip.${settings.region}.aliyuncs.com/`);
  const own = JSON.stringify([name, 'aliyun', ...counted]);
  return {
    name,
    keyOf: (asked) => `${own} ${serviceOf(settings, asked)}`,
    maySee: ({ confinedTo }) => confinedTo === undefined,
    mostChars: (asked) =>
      serviceOf(settings, asked).startsWith('llm_response_moderation') ? MOST_ANSWER_CHARS : MOST_CHARS,
    async ask(asked) {
      const { body, headers } = requestOf(settings, url, asked, deps.clock.now());
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

/** What a model said goes to the one for answers. */
function serviceOf({ service, outputService }: AliyunSettings, { place }: JudgedText): string {
  return place === 'output' || place === 'tool-arguments' ? outputService : service;
}

function requestOf(
  settings: AliyunSettings,
  url: URL,
  asked: JudgedText,
  nowMs: number,
): { readonly body: string; readonly headers: Record<string, string> } {
  const body = new URLSearchParams({
    Service: serviceOf(settings, asked),
    ServiceParameters: JSON.stringify({ content: asked.text }),
  }).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-acs-action': 'TextModerationPlus',
    'x-acs-content-sha256': sha256(body),
    'x-acs-date': new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomBytes(16).toString('hex'),
    'x-acs-version': '2022-03-02',
  };
  const parts = { host: url.host, path: url.pathname, headers, body };
  const authorization = acs3Authorization(parts, settings.accessKeyId, settings.accessKeySecret);
  return { body, headers: { ...headers, accept: 'application/json', authorization } };
}

/** What Aliyun advises for each level: at once, by a person, only where much has to be found. */
const LEVELS: Readonly<Record<string, readonly [from: number, to: number]>> = {
  high: [0.9, 1],
  medium: [0.5, 0.89],
  low: [0, 0.49],
  none: [0, 0],
};

/** @throws JudgeFailed where it is a refusal, or no answer of that service */
function judgementIn(name: string, { status, json }: ServiceAnswer, counted: readonly string[]): Judgement {
  const data = json['Data'];
  const code = json['Code'];
  if (status !== 200 || Number(code) !== 200 || !isJsonObject(data)) throw refusalOf(name, status, json);
  const bounds = levelIn(data['RiskLevel']);
  const [attack = 0] = levelIn(data['AttackLevel']) ?? [];
  const found = [...labelled(data['Result'], bounds ?? [0, 1]), ...labelled(data['AttackResult'], [attack, 1])];
  if (!bounds && !Array.isArray(data['Result'])) throw new JudgeFailed(`${name} answered without a level of risk`);
  const most = Math.max(...found.map(([, score]) => score));
  const categories: Record<string, number> = {};
  for (const [label, score] of found) {
    // The level is that of the worst: the others are no worse than they say.
    const own = score === most ? Math.max(score, bounds?.[0] ?? 0) : score;
    categories[label] = Math.max(categories[label] ?? 0, own);
  }
  const requestId = asString(json['RequestId']);
  return {
    score: found.length === 0 ? (bounds?.[0] ?? 0) : highest(categories, counted),
    categories,
    detail: requestId !== undefined && isName(requestId) ? { requestId } : {},
  };
}

function levelIn(value: Json | undefined): readonly [from: number, to: number] | undefined {
  const level = asString(value)?.toLowerCase() ?? '';
  return Object.hasOwn(LEVELS, level) ? LEVELS[level] : undefined;
}

/** Confidence is 0 to 100; where it is absent, a label has what its level says at the least. */
function labelled(
  value: Json | undefined,
  [least, most]: readonly [from: number, to: number],
): readonly (readonly [label: string, score: number])[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one) => {
    if (!isJsonObject(one)) return [];
    const label = asString(one['Label']);
    const confidence = asCount(one['Confidence']);
    if (label === undefined || label === 'nonLabel' || label === 'safe') return [];
    const score = confidence === undefined ? least : clamped(confidence / 100);
    return [[isName(label) ? label : 'other', Math.min(score, most)] as const];
  });
}

/** The first that fits. Its own message is not shown: that of a wrong signature repeats what was signed. */
const REFUSALS: readonly (readonly [code: RegExp, says: string])[] = [
  [/^(Throttling|588$|EXCEED_QUOTA)/, 'asks for fewer requests; its quota of requests a second is used up'],
  [/^InvalidAccessKeyId/, 'does not know the access key; check accessKeyId'],
  [/^(SignatureDoesNotMatch|IncompleteSignature)/, 'refused the signature; check accessKeySecret'],
  [/^InvalidTimeStamp/, 'refused the time of the request; check the clock of this machine'],
  [
    /^(408$|Forbidden|NoPermission|PERMISSION_DENY)/,
    'refused: the service is not activated, not paid, or not allowed for this access key',
  ],
  [/^(400$|Invalid|Missing|BAD_REQUEST)/, 'refused the request as wrong; check service and region'],
];

function refusalOf(name: string, status: number, json: JsonObject): JudgeFailed {
  const { Code: said } = json;
  const code = typeof said === 'number' ? String(said) : (asString(said) ?? '');
  const shown = isName(code) ? `${status}, ${code}` : String(status);
  const says = REFUSALS.find(([pattern]) => pattern.test(code))?.[1] ?? 'failed';
  return new JudgeFailed(`${name} ${says} (${shown})`);
}
