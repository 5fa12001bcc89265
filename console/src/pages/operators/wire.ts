import type { paths } from '../../api/schema.gen.ts';

type Listed<Path extends '/admin/v1/operators' | '/admin/v1/sessions' | '/admin/v1/audit'> =
  paths[Path]['get']['responses'][200]['content']['application/json']['data'][number];

export type OperatorKey = Listed<'/admin/v1/operators'>;
export type OpenSession = Listed<'/admin/v1/sessions'>;
export type AuditEntry = Listed<'/admin/v1/audit'>;
