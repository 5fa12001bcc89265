import type { paths } from '../../api/schema.gen.ts';

type Json<Answer extends { content: { 'application/json': unknown } }> = Answer['content']['application/json'];

export type AlertsAnswer = Json<paths['/admin/v1/alerts']['get']['responses']['200']>;
export type Rule = AlertsAnswer['data'][number];
export type Reading = Rule['readings'][number];
export type Channel = AlertsAnswer['channels'][number];
export type Delivery = Json<paths['/admin/v1/alerts/deliveries']['get']['responses']['200']>['data'][number];
export type EventEntry = Json<paths['/admin/v1/events']['get']['responses']['200']>['data'][number];
