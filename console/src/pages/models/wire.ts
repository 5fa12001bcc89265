import type { paths } from '../../api/schema.gen.ts';

type Ok<Answer> = Answer extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;

export type Model = Ok<paths['/admin/v1/models']['get']>['data'][number];
export type ModelTarget = Model['targets'][number];
export type TargetState = Ok<paths['/admin/v1/targets']['get']>['data'][number];
export type EffectiveValue = Ok<paths['/admin/v1/config']['get']>['effective'][number];
export type Explanation = Ok<paths['/admin/v1/routes/explain']['post']>;
export type RoutePreview = Ok<paths['/admin/v1/routes/preview']['post']>;
export type Overview = Ok<paths['/admin/v1/overview']['get']>;
