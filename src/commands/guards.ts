import { parseArgs } from 'node:util';

import { loadConfig, locateConfig } from '../config/load.ts';
import { systemClock } from '../core/clock.ts';
import { NANO_PER_USD } from '../core/money.ts';
import { estimateTokens } from '../models/tokens/estimate.ts';
import type { Wanted } from '../pipeline/guards/moderation/calibration/sample.ts';
import { type Command, UsageError, print } from './command.ts';
import { type Calibration, calibrate, requireEnough } from './guards-calibration.ts';
import { type FieldNames, type Sample, USUAL_FIELDS, readSamples } from './guards-samples.ts';
import { type Scorer, openScorer } from './guards-scorers.ts';
import { readyScores, scoreAll } from './guards-scoring.ts';
import { calibrationText } from './guards-text.ts';

const HELP = `Usage: causeway guards calibrate <file> [--policy <name> --guard <name>] [--false-block <share>] [--false-pass <share>]
                                 [--confidence <share>] [--text <field>] [--label <field>] [--save <file>]
                                 [--config <file>] [--json]

Chooses the thresholds of a guard from labelled texts, so that surely not more safe texts are blocked than you allow, and
says what it finds then. Nothing is changed: the lines for causeway.yaml are printed.

  <file>         one JSON object a line, {"text": "…", "label": "harmful"}, or .csv with names in the first line. Labels are
                 true or false, 1 or 0, harmful or safe. With "score" (and "strong_score" of a cascade), from 0 to 1, in
                 place of texts no guard is needed.
  --policy       the policy of the guard, a name under guards: (default: default)
  --guard        keywords, injection, or the name of a judge. Judges are asked about every text, with the providers and keys
                 of the configuration (keys that are stored in the database are not used); a cascade asks both of its judges.
  --false-block  the share of safe texts that may be blocked (default: 0.01)
  --false-pass   of a cascade: the share of harmful texts that may pass at the first judge (default: 0.05)
  --confidence   how sure both have to be (default: 0.95)
  --text         the field of the texts (default: text, prompt, content or input)
  --label        the field of the labels (default: label)
  --save         a file that scores are added to as they come, without texts. What it has is not asked again.
  --config       the configuration (default: CAUSEWAY_CONFIG, else ./causeway.yaml where there is one)
  --json         print JSON

How sure it is comes from how many samples there are: 1 % with 95 % confidence takes at least 299 safe ones. It holds for
texts like the samples, so use some of your own traffic.

It ends with 0, with 1 where the samples do not suffice or cannot be scored, and with 2 where the command is wrong.`;

const OPTIONS = {
  policy: { type: 'string' },
  guard: { type: 'string' },
  'false-block': { type: 'string' },
  'false-pass': { type: 'string' },
  confidence: { type: 'string' },
  text: { type: 'string' },
  label: { type: 'string' },
  save: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const guards: Command = {
  async run(argv, env) {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
    const [action, file, ...more] = positionals;
    if (values.help || action === undefined) {
      print(HELP);
      return values.help ? 0 : 2;
    }
    if (action !== 'calibrate') throw new UsageError(`there is no "guards ${action}"; there is "guards calibrate"`);
    if (file === undefined) throw new UsageError('name the file of labelled texts: causeway guards calibrate <file>');
    if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many`);
    const { policy = 'default', guard, save, json = false } = values;
    if (guard === undefined && (values.policy !== undefined || save !== undefined)) {
      throw new UsageError('--policy and --save go with --guard, the guard that scores the texts');
    }
    const wanted = wantedIn(values);
    const samples = readSamples(file, fieldsIn(values));
    if (guard === undefined) {
      report(calibrate(readyScores(file, samples).samples, wanted, undefined), { wanted, json, notes: [] });
      return 0;
    }
    const { config } = loadConfig({ ...locateConfig(env, values.config), env });
    const scorer = openScorer(config, policy, guard);
    try {
      requireEnough(samples, wanted);
      tellCosts(samples, scorer);
      const { samples: scored, notes } = await scoreAll(file, samples, scorer, {
        save,
        onProgress: progressOf(samples.length, json),
      });
      report(calibrate(scored, wanted, scorer.now), { wanted, json, notes, scorer });
    } finally {
      await scorer.close();
    }
    return 0;
  },
};

const TELL_EVERY_MS = 2000;

/** @param isQuiet only where a person looks on */
function progressOf(total: number, isQuiet: boolean): (scored: number) => void {
  let toldAt = systemClock.monotonic();
  return (scored) => {
    const now = systemClock.monotonic();
    if (now - toldAt < TELL_EVERY_MS || (isQuiet && !process.stderr.isTTY)) return;
    toldAt = now;
    process.stderr.write(`scored: ${scored} of ${total} texts\n`);
  };
}

/** Before it is spent. */
function tellCosts(samples: readonly Sample[], { asks }: Scorer): void {
  if (asks.length === 0) return;
  const tokens = samples.reduce((sum, { text = '' }) => sum + estimateTokens(text, ''), 0);
  process.stderr.write(
    `${asks.join(' and ')} ${asks.length === 1 ? 'is' : 'are each'} asked about ${samples.length} texts of some ${tokens} tokens together.\n`,
  );
}

interface Shown {
  readonly wanted: Wanted;
  readonly json: boolean;
  readonly notes: readonly string[];
  readonly scorer?: Scorer;
}

function report(calibration: Calibration, { wanted, json, notes, scorer }: Shown): void {
  const { asks = [], spent } = scorer ?? {};
  const cost =
    spent && `$${(spent.nanoUsd / NANO_PER_USD).toFixed(4)}${spent.known ? '' : ' and what has no known price'}`;
  const all = [...notes, ...(asks.length > 0 ? [`Asking has cost ${cost}.`] : []), ...calibration.notes];
  const place = scorer && { policy: scorer.policy, guard: scorer.guard };
  const full = { ...calibration, notes: all };
  print(json ? JSON.stringify({ ...place, wanted, ...full }) : calibrationText(full, wanted, place));
}

function fieldsIn({
  text,
  label,
}: {
  readonly text?: string | undefined;
  readonly label?: string | undefined;
}): FieldNames {
  return {
    text: text === undefined ? USUAL_FIELDS.text : [text],
    label: label === undefined ? USUAL_FIELDS.label : [label],
  };
}

type Values = Readonly<Partial<Record<'false-block' | 'false-pass' | 'confidence', string>>>;

function wantedIn(values: Values): Wanted {
  const share = (name: keyof Values, fallback: number): number => {
    const written = values[name];
    if (written === undefined) return fallback;
    const value = Number(written);
    if (written.trim() !== '' && value > 0 && value < 1) return value;
    throw new UsageError(`--${name} is a share between 0 and 1, e.g. ${fallback}; not "${written}"`);
  };
  return {
    falseBlock: share('false-block', 0.01),
    falsePass: share('false-pass', 0.05),
    confidence: share('confidence', 0.95),
  };
}
