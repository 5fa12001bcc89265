import type { paths } from '../../api/schema.gen.ts';

type Body<Path extends keyof paths, Method extends 'get' | 'post'> = paths[Path] extends {
  [Key in Method]: { responses: { 200: { content: { 'application/json': infer Answer } } } };
}
  ? Answer
  : never;

type AnswerOfVerdicts = Body<'/admin/v1/guards/verdicts', 'get'>;
export type VerdictRow = AnswerOfVerdicts['data'][number];
export type VerdictsAnswer = Pick<AnswerOfVerdicts, 'started_at' | 'data'>;
export type Policy = Body<'/admin/v1/guards', 'get'>['data'][number];
export type PolicyGuard = Policy['guards'][number];
export type TryAnswer = Body<'/admin/v1/guards/try', 'post'>;
export type Found = TryAnswer['found'][number];
export type TryVerdict = TryAnswer['verdicts'][number];
export type TryQuestion = paths['/admin/v1/guards/try']['post']['requestBody']['content']['application/json'];
