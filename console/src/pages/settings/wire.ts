import type { paths } from '../../api/schema.gen.ts';

type Answer<Path extends keyof paths, Method extends string> = paths[Path] extends {
  [method in Method]: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

export type Config = Answer<'/admin/v1/config', 'get'>;
export type Effective = Config['effective'][number];
export type Checked = Answer<'/admin/v1/config/validate', 'post'>;
export type Problem = Checked['problems'][number];
export type Change = Checked['changes'][number];
export type Status = Answer<'/admin/v1/status', 'get'>;
export type Provider = Answer<'/admin/v1/providers', 'get'>['data'][number];
