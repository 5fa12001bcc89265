import { readText } from '../../src/config/text-kinds.ts';

type Section = Record<string, unknown>;

const DAY_MS = 86_400_000;
const SIGNING_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const ADDRESS = 'ops@example.com';

/** `alerts:` as a file has it, with channels and rules that can be, which no single field can know. */
export function soundAlerts({ channels = {}, rules, ...rest }: Section): Section {
  const sound = Object.entries(channels as Record<string, Section>).map(([name, channel]): [string, Section] => [
    name.replaceAll('.', '-'),
    soundChannel(channel),
  ]);
  const names = sound.map(([name]) => name);
  return {
    ...rest,
    channels: Object.fromEntries(sound),
    ...(rules !== undefined && { rules: (rules as Section[]).map((rule, at) => soundRule(rule, at, names)) }),
  };
}

function soundChannel({ user, password, ...channel }: Section): Section {
  if (channel['type'] === 'webhook') return { ...channel, url: 'https://ops.example.com/x', secret: SIGNING_SECRET };
  if (channel['type'] !== 'email') return { ...channel, url: 'https://hooks.example.com/x' };
  const signsIn = user !== undefined && password !== undefined && channel['tls'] !== 'none';
  return {
    ...channel,
    host: 'smtp.example.com',
    from: `Causeway <${ADDRESS}>`,
    to: [ADDRESS],
    ...(signsIn && { user, password }),
  };
}

function soundRule(rule: Section, at: number, channels: readonly string[]): Section {
  const { for: given } = rule;
  const lasts = typeof given === 'string' ? (readText('duration', given) as number) : 0;
  return {
    ...rule,
    name: `rule-${at}`,
    ...('to' in rule && { to: channels.slice(0, 1) }),
    ...('window' in rule && { window: '45m' }),
    ...(lasts > DAY_MS && { for: '24h' }),
    ...(rule['type'] === 'error-rate' && rule['above'] === 1 && { above: 0.5 }),
  };
}
