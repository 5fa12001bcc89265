import { AttemptLedger } from '../../src/core/attempts.ts';
import { CallBody } from '../../src/core/call-body.ts';
import type { Call } from '../../src/core/call.ts';
import { Cancellation } from '../../src/core/cancellation.ts';
import { systemClock } from '../../src/core/clock.ts';
import { NO_NEEDS } from '../../src/core/inference/needs.ts';
import { ReplyStream, type StreamedReply } from '../../src/core/reply.ts';
import { SpanLedger } from '../../src/core/spans.ts';
import { parseConfig } from '../../src/config/load.ts';
import { ModelCatalog } from '../../src/models/catalog.ts';
import { PriceBook } from '../../src/models/pricing/price-book.ts';
import { seededRandom } from '../../src/models/simulator/random.ts';
import { buildPolicy } from '../../src/pipeline/guards/engine/build-policy.ts';
import type { GuardPolicy } from '../../src/pipeline/guards/engine/guard-policy.ts';
import { ScreenedCall } from '../../src/pipeline/guards/engine/screened-call.ts';
import { keywordScanner } from '../../src/pipeline/guards/moderation/keywords.ts';
import type { OutputDeps } from '../../src/pipeline/guards/output/deps.ts';
import { screenReply } from '../../src/pipeline/guards/output/screen-reply.ts';
import { piiScanner } from '../../src/pipeline/guards/pii/scanner.ts';
import type { Scanner } from '../../src/pipeline/guards/scan/scanner.ts';
import { Vault } from '../../src/pipeline/guards/vault/vault.ts';
import { type Language, TextPool } from '../text-pool.ts';
import type { BenchSection } from './section.ts';

const TOKEN = 4;
const MOST_P50_US = 50;
const MOST_HELD = 40;

const POLICY = `guards:
  p:
    pii: { output: redact }
    keywords: { output: block, shipped: [en, zh] }
`;

const DEPS: OutputDeps = {
  clock: systemClock,
  catalog: () => {
    const prices = new PriceBook({});
    return new ModelCatalog({ providers: [], virtualModels: [], prices, passThroughProviders: new Set() });
  },
};

const NO_PRODUCER = { pause: () => {}, resume: () => {}, cancel: () => {} };

/** What may stand in an answer beside its words. */
type Spice = 'nothing' | 'values and marks' | 'near misses';

/** Time that guards add to each token of a streamed answer, and how much of it they hold back. */
export async function benchStreams(quick: boolean): Promise<BenchSection[]> {
  const policy = screeningPolicy();
  const tokens = quick ? 8_000 : 40_000;
  const rows: string[][] = [];
  let worstP50 = 0;
  let worstHeld = 0;
  for (const language of ['en', 'zh'] as const) {
    for (const spice of ['nothing', 'values and marks', 'near misses'] as const) {
      const vault = new Vault({ secret: 'bench', scope: 'bench', lasting: false });
      const mark = vault.mark('PHONE', '13800138000');
      const pieces = piecesOf(textOf(language, spice, mark, tokens));
      const bare = timesOf(await plain(), pieces);
      const guarded = timesOf(await screened(policy, vault), pieces);
      const p50 = at(guarded.micros, 0.5) - at(bare.micros, 0.5);
      // What is replaced has another length, so that only what stays as it is tells how much is held.
      const isSame = spice !== 'values and marks';
      worstP50 = Math.max(worstP50, p50);
      if (isSame) worstHeld = Math.max(worstHeld, guarded.held);
      rows.push([
        language,
        spice,
        at(bare.micros, 0.5).toFixed(1),
        p50.toFixed(1),
        (at(guarded.micros, 0.99) - at(bare.micros, 0.99)).toFixed(1),
        isSame ? String(guarded.held) : '',
      ]);
    }
  }
  return [
    {
      title: 'Streams: what guards add to a token',
      notes: [
        `Tokens of ${TOKEN} characters through keywords (block), personal data (redact) and the vault, in this process; beside it the same tokens through a stream that does nothing. \`values and marks\`: a phone number or a mark every 200 characters or so. \`near misses\`: numbers and beginnings of what is looked for, but nothing of it.`,
      ],
      header: ['language', 'in the answer', 'bare p50 µs', 'added p50 µs', 'added p99 µs', 'most held, characters'],
      rows,
      targets: [
        { name: `added p50 below ${MOST_P50_US} µs`, met: worstP50 < MOST_P50_US, figure: `${worstP50.toFixed(1)} µs` },
        { name: `at most ${MOST_HELD} characters held back`, met: worstHeld <= MOST_HELD, figure: String(worstHeld) },
      ],
    },
  ];
}

function judgeOf(): never {
  throw new Error('no judge is asked');
}

function screeningPolicy(): GuardPolicy {
  const settings = parseConfig(POLICY, { path: 'bench.yaml', env: {} }).config.guards.get('p');
  if (!settings?.pii || !settings.keywords) throw new Error('the policy is not there');
  const scanners = new Map<string, Scanner>([
    ['pii', piiScanner(settings.pii)],
    ['keywords', keywordScanner(settings.keywords, new Map())],
  ]);
  return buildPolicy('p', settings, { scanners, words: new Map(), judgeOf });
}

interface Pipe {
  readonly into: ReplyStream;
  readonly outOf: ReplyStream;
}

/** One stream that reads another, as every stage that changes streams does. */
async function plain(): Promise<Pipe> {
  const into = new ReplyStream(NO_PRODUCER);
  const outOf = new ReplyStream({ ...NO_PRODUCER, resume: () => into.resume() });
  into.read({
    item(item) {
      outOf.push(item);
      return true;
    },
    terminal: (terminal) => outOf.end(terminal),
  });
  return { into, outOf };
}

async function screened(policy: GuardPolicy, vault: Vault): Promise<Pipe> {
  const into = new ReplyStream(NO_PRODUCER);
  const reply: StreamedReply = { kind: 'stream', status: 200, headers: {}, translated: true, stream: into };
  const guarded = await screenReply(DEPS, benchCall(policy), [policy], { vault, sources: [] }, reply);
  if (guarded.kind !== 'stream' || guarded.stream === into) throw new Error('nobody looks at the stream');
  return { into, outOf: guarded.stream };
}

function benchCall(policy: GuardPolicy): Call {
  const body = new CallBody(Buffer.from('{"model":"m","stream":true,"messages":[]}'));
  return {
    id: '0192f0c1d2e37000800000000000abcd',
    receivedAt: 0,
    startedAt: 0,
    dialect: 'openai',
    operation: 'chat',
    endpoint: '/v1/chat/completions',
    query: '',
    headers: {},
    clientIp: '127.0.0.1',
    body,
    form: undefined,
    resource: undefined,
    facts: {
      model: 'm',
      stream: true,
      user: undefined,
      metadata: undefined,
      conversationId: undefined,
      priority: undefined,
    },
    needs: NO_NEEDS,
    get inference(): never {
      throw new Error('nobody asks what was asked');
    },
    get embedding(): never {
      throw new Error('nobody asks what was asked');
    },
    cancellation: new Cancellation(),
    attempts: new AttemptLedger(),
    spans: new SpanLedger(),
    traceContext: undefined,
    warnings: [],
    principal: undefined,
    assignment: undefined,
    screening: new ScreenedCall([policy]),
  };
}

function timesOf({ into, outOf }: Pipe, pieces: readonly string[]): { micros: number[]; held: number } {
  let out = 0;
  let sent = 0;
  let held = 0;
  let isBlocked = false;
  outOf.read({
    item({ events }) {
      for (const event of events) {
        if ('text' in event) out += event.text.length;
        if (event.type === 'finish') isBlocked = true;
      }
      return true;
    },
    terminal: () => {},
  });
  const micros: number[] = [];
  for (const text of pieces) {
    const before = performance.now();
    into.push({ events: [{ type: 'text-delta', choice: 0, index: 0, text }] });
    micros.push((performance.now() - before) * 1000);
    sent += text.length;
    held = Math.max(held, sent - out);
  }
  if (isBlocked) throw new Error('the text of the bench is blocked');
  // What comes first is not compiled yet.
  return { micros: micros.slice(pieces.length >> 2).toSorted((a, b) => a - b), held };
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const NEAR_MISSES: Readonly<Record<Language, readonly string[]>> = {
  en: [
    ' 2026-11-22 ',
    ' 4,711.25 USD ',
    ' v12.0.3-beta+build.5512 ',
    ' see https://example.com/a/b?c=1 ',
    ' AB 12 34 CD ',
  ],
  zh: ['共计4711元', '编号2026112200', '京东商城', '第12345页', '联系电话请见官网'],
};

function textOf(language: Language, spice: Spice, mark: string, tokens: number): string {
  const random = seededRandom(1);
  const pool = new TextPool(random, 64 * 1024);
  const spices: Readonly<Record<Spice, readonly string[]>> = {
    nothing: [''],
    'values and marks': [` ${mark} `, ' 13912345678 ', ' a.person@example.com '],
    'near misses': NEAR_MISSES[language],
  };
  const between = spices[spice];
  let text = '';
  for (let count = 0; text.length < tokens * TOKEN; count += 1) {
    const bytes = language === 'zh' ? 600 : 200;
    text += pool.cut(random, language, bytes).toString('utf8') + (between[count % between.length] ?? '');
  }
  return text.slice(0, tokens * TOKEN);
}

function piecesOf(text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / TOKEN) }, (_, count) =>
    text.slice(count * TOKEN, (count + 1) * TOKEN),
  );
}
