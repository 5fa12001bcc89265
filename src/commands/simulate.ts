import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

import { SimulatorBaseSettings } from '../models/simulator/settings.ts';
import { type RunningSimulator, type StartSimulatorOptions, startSimulator } from '../models/simulator/start.ts';
import {
  WrittenSettingError,
  readModelSettings,
  readSetting,
  writtenForm,
  writtenName,
} from '../models/simulator/written-settings.ts';

export { startSimulator };

/** The command `causeway simulate`: serves until SIGTERM or SIGINT. Resolves to the exit code. */
export async function simulateCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  let options: StartSimulatorOptions | 'help';
  try {
    options = readOptions(argv, env);
  } catch (error) {
    process.stderr.write(`causeway simulate: ${messageOf(error)}\nSee causeway simulate --help.\n`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(helpText());
    return 0;
  }
  return serveUntilSignal(options);
}

async function serveUntilSignal(options: StartSimulatorOptions): Promise<number> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  let simulator: RunningSimulator;
  try {
    simulator = await startSimulator(options);
  } catch (error) {
    process.stderr.write(`causeway simulate: ${messageOf(error)}\n`);
    return 1;
  }
  process.stdout.write(
    `The simulator listens on ${simulator.url}: OpenAI's API under ${simulator.url}/v1, Anthropic's under ${simulator.url}.\n`,
  );
  await stopped;
  await simulator.close();
  return 0;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const FIELDS = SimulatorBaseSettings.properties;

/** Each setting under its written name. */
const SETTING_FLAGS = new Map(Object.keys(FIELDS).map((setting) => [writtenName(setting), setting]));

function isSwitch(field: unknown): boolean {
  return (field as { type?: string }).type === 'boolean';
}

function flagConfig(): ParseArgsOptionsConfig {
  const config: ParseArgsOptionsConfig = {
    help: { type: 'boolean', short: 'h' },
    port: { type: 'string' },
    host: { type: 'string' },
    model: { type: 'string', multiple: true },
  };
  for (const [flag, setting] of SETTING_FLAGS) {
    config[flag] = { type: isSwitch(fieldOf(setting)) ? 'boolean' : 'string' };
  }
  return config;
}

function fieldOf(setting: string): unknown {
  return (FIELDS as Readonly<Record<string, unknown>>)[setting];
}

/** @throws WrittenSettingError, or what `parseArgs` throws */
function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): StartSimulatorOptions | 'help' {
  const { values } = parseArgs({ args: [...argv], options: flagConfig(), strict: true, allowPositionals: false });
  if (values['help'] === true) return 'help';
  const { port = env['PORT'] ?? '9000', host = env['HOST'] ?? '127.0.0.1', model = [] } = values;
  const settings: Record<string, unknown> = {
    models: new Map([model].flat().map((text) => readModelSettings(String(text)))),
  };
  for (const [flag, setting] of SETTING_FLAGS) {
    const text = values[flag];
    if (text !== undefined) settings[setting] = readSetting(`--${flag}`, fieldOf(setting), String(text));
  }
  return { settings, port: readPort(String(port)), host: String(host) };
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new WrittenSettingError(`"${text}" is not right for --port: write a whole number from 0 to 65535.`);
}

function helpText(): string {
  const settings = [...SETTING_FLAGS].map(([flag, setting]) => {
    const field = fieldOf(setting);
    const value = isSwitch(field) ? '' : ` <${writtenForm(field)}>`;
    return `  --${flag}${value}\n      ${(field as { description: string }).description}\n`;
  });
  return `causeway simulate: a simulated provider of the OpenAI and the Anthropic API

Usage: causeway simulate [--port 9000] [--ttft 50ms] [--tokens-per-second 100] …

  --port <number>
      Port to listen on; 0 takes a free one. Left out: PORT, or 9000.
  --host <address>
      Address to listen on. Left out: HOST, or 127.0.0.1.
  --model "<name>: <setting>=<value>, …"
      Settings of one model, by the names below without "--"; may be given several times.
  --help
      This text.

${settings.join('')}
For one request, the header x-causeway-simulate takes settings in the same form, e.g. "ttft=50ms, error=429".
GET /stats tells what was seen, GET /simulator/billing what would be billed for it. docs/simulator.md says more.
`;
}
