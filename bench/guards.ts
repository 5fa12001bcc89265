import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { markdownTable } from './drill/verdict.ts';
import { benchGrounding } from './guards/grounding.ts';
import { benchInjection } from './guards/injection.ts';
import { benchModeration } from './guards/moderation.ts';
import { benchPii } from './guards/pii.ts';
import type { BenchSection } from './guards/section.ts';
import { benchStreams } from './guards/streams.ts';
import { benchWorstCase } from './guards/worst-case.ts';

/** `npm run bench:guards`: what guards find without any model, what they find wrongly, and what they cost. */

const HELP = `npm run bench:guards -- [options]
  --quick        fewer generated texts and seeds
  --only <part>  pii, injection, moderation, grounding, streams or worst-case; may be repeated
  --help         this

Half of every data set is held out by a hash of the text: no rule, weight or word was chosen by looking at it.
Exit code: 0 where all targets are met; 1 where one is missed; 2 where it broke. Without the data, what needs them is left out.`;

type Bench = (
  quick: boolean,
) => BenchSection | readonly BenchSection[] | Promise<BenchSection | readonly BenchSection[]>;

const PARTS: ReadonlyMap<string, Bench> = new Map<string, Bench>([
  ['pii', benchPii],
  ['injection', benchInjection],
  ['moderation', benchModeration],
  ['grounding', benchGrounding],
  ['streams', benchStreams],
  ['worst-case', benchWorstCase],
]);

const DATA = new URL('../../shared/data/', import.meta.url);

function show({ title, notes, header, rows, targets }: BenchSection): void {
  console.log(`\n## ${title}\n`);
  for (const note of notes) console.log(`${note}\n`);
  console.log(
    markdownTable(
      [...header],
      rows.map((row) => [...row]),
    ),
  );
  if (targets.length === 0) return;
  console.log('');
  for (const { name, met, figure } of targets) console.log(`- ${met ? 'met' : 'MISSED'}: ${name}: ${figure}`);
}

/** Undefined where there are no data, and it cannot do without. */
async function sectionsOf(bench: Bench, isQuick: boolean): Promise<readonly BenchSection[] | undefined> {
  try {
    return [await bench(isQuick)].flat();
  } catch (error) {
    if (existsSync(DATA)) throw error;
    return undefined;
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const wrong = values.only?.find((name) => !PARTS.has(name));
  if (wrong !== undefined) throw new Error(`--only knows ${[...PARTS.keys()].join(', ')}; not "${wrong}"`);
  console.log('# Guards, without any model');
  if (!existsSync(DATA))
    console.log('\nThe data sets are not there (../shared/data): only what is generated is measured.');
  let missed = 0;
  for (const [name, bench] of PARTS) {
    if (values.only && !values.only.includes(name)) continue;
    const sections = await sectionsOf(bench, values.quick);
    if (!sections) console.log(`\n${name}: left out, since its data are not there.`);
    for (const section of sections ?? []) {
      show(section);
      missed += section.targets.filter(({ met }) => !met).length;
    }
  }
  console.log(missed === 0 ? '\nAll targets are met.' : `\n${missed} targets are missed.`);
  return missed === 0 ? 0 : 1;
}

const BROKEN = 2;
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = BROKEN;
}
