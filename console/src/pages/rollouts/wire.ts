import type { paths } from '../../api/schema.gen.ts';

type Ok<Answer> = Answer extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;

export type Canary = Ok<paths['/admin/v1/canaries/{id}']['get']>;
export type Experiment = Ok<paths['/admin/v1/experiments/{id}']['get']>;
export type Flag = Ok<paths['/admin/v1/flags/{id}']['get']>;
export type Shadow = Ok<paths['/admin/v1/shadows/{id}']['get']>;
export type ShadowReport = NonNullable<Shadow['report']>;
export type Arm = Canary['arms'][number];

/** As they stand in addresses, of the console and of the admin API. */
export const KINDS = ['canaries', 'experiments', 'shadows', 'flags'] as const;
export type Kind = (typeof KINDS)[number];

export function kindOf(text: string | undefined): Kind | undefined {
  return KINDS.find((kind) => kind === text);
}

export const METRICS = ['errors', 'latency', 'ttft', 'cost', 'feedback', 'judge'] as const;
