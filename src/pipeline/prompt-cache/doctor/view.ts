import { type Static, Type } from 'typebox';

import type { Clock } from '../../../core/clock.ts';
import { DAY_MS } from '../../../core/units.ts';
import type { RecordPolicy } from '../../../records/journal/record.ts';
import { CHANGE_KINDS } from './change-kind.ts';
import { usdOrNull } from './doctor.ts';
import type { Finding } from './findings.ts';
import { STATES, healthOf, hitRates } from './health.ts';
import type { GroupName, PromptGroup } from './prompt-group.ts';
import { mayBeSeen } from './shown-change.ts';
import { CAUSES } from './verdict.ts';

export interface ViewDeps {
  readonly clock: Clock;
  /** How texts of a project are kept, by the settings in force. */
  readonly policyOf: (project: string | undefined) => RecordPolicy;
  /** Whether breakpoints are placed in such requests now; undefined where none were. */
  readonly isPlacing: (name: GroupName) => boolean | undefined;
}

const text = (description: string) => Type.String({ description });
const number = (description: string) => Type.Number({ description });
const textOrNull = (description: string) => Type.Union([Type.String({ description }), Type.Null()]);
const numberOrNull = (description: string) => Type.Union([Type.Number({ description }), Type.Null()]);

const FindingView = Type.Object({
  segment: text("Where in the client's body, e.g. system, tools[2], messages[0].content[1]"),
  part: text('tools, system, settings, messages'),
  byte_offset: number("First byte of the segment's text (UTF-8) that differs, in the latest example"),
  exact: Type.Boolean({ description: 'false: beyond what is kept of a prompt; the same at least so far' }),
  kind: text(`What it seems to be: ${CHANGE_KINDS.join(', ')}`),
  lead: textOrNull('What both have before it; null where no texts of the project are kept'),
  earlier: textOrNull('What stood there in the earlier prompt'),
  later: textOrNull('What stands there in the later one'),
  since: text('RFC 3339: when it was seen first'),
  last_at: text('RFC 3339: when it was seen last'),
  requests: number('Requests that were hit by it'),
  lost_tokens: number('Tokens that could have been read from the cache, estimated'),
  lost_usd: numberOrNull('What they cost more; null where the price is unknown'),
});
type FindingView = Static<typeof FindingView>;

const CauseView = Type.Object({
  cause: text(CAUSES.join(', ')),
  requests: Type.Number(),
  lost_tokens: Type.Number(),
  lost_usd: numberOrNull('null where the price is unknown'),
});

const GROUP_FIELDS = {
  id: Type.String(),
  project: textOrNull('Whose requests'),
  model: text('As clients ask for it'),
  target: text('provider/model'),
  endpoint: Type.String(),
  state: text(STATES.join(', ')),
  breakpoints: Type.Union([Type.Literal('placing'), Type.Literal('stopped'), Type.Null()], {
    description: "The gateway's own marks: stopped where they did not pay; null where none were placed",
  }),
  hit_rate_now: numberOrNull('Share of the input tokens of the last 15 minutes that were read from the cache'),
  hit_rate_24h: numberOrNull('The same of the last 24 hours'),
  hit_rate_before: numberOrNull('Of a group that is falling: before it fell'),
  requests: number('Requests of 1,024 input tokens and more, since `since`'),
  skipped: number('Those of them that were not looked at, because there were too many'),
  input_tokens_24h: Type.Number(),
  cached_tokens_24h: number('Read from the cache'),
  lost_tokens_24h: number('Those that could have been read as well, estimated'),
  saved_usd_24h: Type.Number(),
  lost_usd_24h: numberOrNull('null where the price is unknown'),
  since: text('RFC 3339: nothing from before is known to this process'),
  top_finding: Type.Union([FindingView, Type.Null()]),
};

export const GroupView = Type.Object(GROUP_FIELDS);
export type GroupView = Static<typeof GroupView>;
export const GroupDetail = Type.Object({
  ...GROUP_FIELDS,
  causes: Type.Array(CauseView, { description: 'Why prompts were not in the cache, since `since`' }),
  findings: Type.Array(FindingView, { description: 'Of the last 24 hours, what lost most first' }),
});
export type GroupDetail = Static<typeof GroupDetail>;
export const GroupList = Type.Object({
  data: Type.Array(GroupView),
  next: textOrNull('The `cursor` of the next page'),
});

/** A group as the list shows it. */
export function groupView(group: PromptGroup, deps: ViewDeps): GroupView {
  const { id, name, requests, skipped, since, fellFrom } = group;
  const { project, model, target, endpoint } = name;
  const nowMs = deps.clock.monotonic();
  const rates = hitRates(group, nowMs);
  const [cached, input] = group.tokens.over(DAY_MS, nowMs);
  const [saved, lost] = group.money.over(DAY_MS, nowMs);
  const [lostTokens] = group.judged.over(DAY_MS, nowMs);
  const isPriced = [...group.causes.values()].every(({ lostNanoUsd }) => lostNanoUsd !== undefined);
  const isPlacing = deps.isPlacing(name);
  const [top] = findingsOf(group, deps);
  return {
    id,
    project: project ?? null,
    model,
    target,
    endpoint,
    state: healthOf(group, nowMs),
    breakpoints: isPlacing === undefined ? null : isPlacing ? 'placing' : 'stopped',
    hit_rate_now: rates.now ?? null,
    hit_rate_24h: rates.day ?? null,
    hit_rate_before: fellFrom ?? null,
    requests,
    skipped,
    input_tokens_24h: input,
    cached_tokens_24h: cached,
    lost_tokens_24h: lostTokens,
    saved_usd_24h: usdOrNull(saved) ?? 0,
    lost_usd_24h: isPriced ? usdOrNull(lost) : null,
    since: new Date(since).toISOString(),
    top_finding: top ?? null,
  };
}

/** A group with all that was found. */
export function groupDetail(group: PromptGroup, deps: ViewDeps): GroupDetail {
  const causes = CAUSES.flatMap((cause) => {
    const totals = group.causes.get(cause);
    if (!totals) return [];
    const { requests, lostTokens, lostNanoUsd } = totals;
    return [{ cause, requests, lost_tokens: lostTokens, lost_usd: usdOrNull(lostNanoUsd) }];
  });
  return { ...groupView(group, deps), causes, findings: findingsOf(group, deps) };
}

function findingsOf({ findings, name }: PromptGroup, { clock, policyOf }: ViewDeps): FindingView[] {
  const policy = policyOf(name.project);
  return findings.since(clock.now() - DAY_MS).map((finding) => findingView(finding, policy));
}

function findingView(finding: Finding, policy: RecordPolicy): FindingView {
  const { segment, part, byteOffset, isExact, kind, firstAt, lastAt, requests } = finding;
  const shown = finding.shown && mayBeSeen(finding.shown, policy) ? finding.shown : undefined;
  return {
    segment,
    part,
    byte_offset: byteOffset,
    exact: isExact,
    kind,
    lead: shown?.lead ?? null,
    earlier: shown?.earlier ?? null,
    later: shown?.later ?? null,
    since: new Date(firstAt).toISOString(),
    last_at: new Date(lastAt).toISOString(),
    requests,
    lost_tokens: finding.lostTokens,
    lost_usd: usdOrNull(finding.lostNanoUsd),
  };
}
