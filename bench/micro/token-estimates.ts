import { loadEncoding } from '../../src/models/tokens/encoding.ts';
import { estimateOutputTokens, estimateTokens } from '../../src/models/tokens/estimate.ts';
import { type RecordedAnswer, readableAnswers } from '../../test/support/recorded-answers.ts';
import { recordingsMissing } from '../../test/support/recordings.ts';

/**
 * `node bench/micro/token-estimates.ts`: how far estimates are from what providers billed for recorded answers, and
 * from what a quarter of the bytes would be. docs/tokens.md quotes it.
 */

interface Compared {
  readonly group: string;
  readonly billed: number;
  readonly estimated: number;
  readonly bytes: number;
}

/** Some bill thinking beside the answer (xAI), and some show less of it than they bill. */
function compare({ model, said, thought, toolCalls, usage }: RecordedAnswer): Compared[] {
  const { outputTokens = 0, reasoningOutputTokens = 0 } = usage;
  const hidden = reasoningOutputTokens > 0 && thought === '';
  if (hidden || /grok/.test(model)) return [];
  const group = groupOf(model, toolCalls, thought);
  const estimated = estimateOutputTokens(said, model, toolCalls) + estimateTokens(thought, model);
  return [{ group, billed: outputTokens, estimated, bytes: Buffer.byteLength(said) + Buffer.byteLength(thought) }];
}

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/claude/, 'Claude'],
  [/gpt/, 'OpenAI'],
  [/deepseek/, 'DeepSeek'],
  [/qwen/, 'Qwen'],
  [/llama/, 'Llama'],
];

function groupOf(model: string, toolCalls: number, thought: string): string {
  const name = NAMES.find(([names]) => names.test(model))?.[1] ?? 'others';
  if (toolCalls > 0) return `${name}, tool calls`;
  return thought === '' ? `${name}, text` : `${name}, thinking shown`;
}

function percent(part: number, whole: number): string {
  const error = Math.round((part / whole - 1) * 100);
  return `${error > 0 ? '+' : ''}${error} %`;
}

function report(compared: readonly Compared[]): void {
  console.log('| answers of | number | tokens billed | estimate | bytes / 4 |\n|---|---|---|---|---|');
  const groups = Map.groupBy(compared, ({ group }) => group);
  for (const [group, all] of [...groups].toSorted(([a], [b]) => a.localeCompare(b))) {
    const sum = (of: (one: Compared) => number): number => all.reduce((total, one) => total + of(one), 0);
    const billed = sum(({ billed: tokens }) => tokens);
    const estimate = percent(
      sum(({ estimated }) => estimated),
      billed,
    );
    const quarter = percent(
      sum(({ bytes }) => Math.ceil(bytes / 4)),
      billed,
    );
    console.log(`| ${group} | ${all.length} | ${billed} | ${estimate} | ${quarter} |`);
  }
}

const missing = recordingsMissing();
if (missing !== false) {
  console.error(missing);
  process.exit(1);
}
const answers = readableAnswers();
report(answers.flatMap(compare));

const o200k = await loadEncoding('o200k_base');
for (const { name, model, said, usage, toolCalls } of answers) {
  if (!model.startsWith('gpt') || toolCalls > 0 || usage.reasoningOutputTokens) continue;
  console.log(`\ntokenizer: ${name}: ${o200k.count(said)} counted, ${usage.outputTokens} billed`);
}
