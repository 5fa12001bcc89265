import type { PolicyText } from './guard-house.ts';

/** Judges that do not say, each in its way. */
const JUDGES = {
  'a model that is down': { target: 'gpt/judge-fails' },
  'a model that says nothing': { target: 'gpt/judge-hangs', timeout: 0.05 },
  'a model that talks nonsense': { target: 'gpt/judge-babbles' },
  'an endpoint that is down': { target: 'gpt/moderation-fails' },
  'an endpoint that says nothing': { target: 'gpt/moderation-hangs', timeout: 0.05 },
  'an endpoint that talks nonsense': { target: 'gpt/moderation-babbles' },
} as const;
export const FAILING_PLACES = ['input', 'output'] as const;
export const ON_FAILURE = ['open', 'closed'] as const;

export interface FailingJudge {
  readonly judge: keyof typeof JUDGES;
  readonly place: (typeof FAILING_PLACES)[number];
  readonly onFailure: (typeof ON_FAILURE)[number];
  readonly policy: string;
}

export const FAILING_JUDGES: readonly FailingJudge[] = Object.keys(JUDGES).flatMap((judge, at) =>
  FAILING_PLACES.flatMap((place) =>
    ON_FAILURE.map((onFailure): FailingJudge => {
      return { judge: judge as FailingJudge['judge'], place, onFailure, policy: `judge-${at}-${place}-${onFailure}` };
    }),
  ),
);

export const FAILING_POLICIES: Readonly<Record<string, PolicyText>> = Object.fromEntries(
  FAILING_JUDGES.map(({ judge, place, onFailure, policy }) => {
    const settings = { timeout: 20, ...JUDGES[judge], onFailure, input: 'off', [place]: 'block' };
    return [policy, { judges: { house: settings } }];
  }),
);
