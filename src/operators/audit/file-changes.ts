import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { AuditDesk } from './audit-desk.ts';

export interface FileChangesDeps {
  readonly audit: Pick<AuditDesk, 'deed'>;
  /** Of the configuration. */
  readonly path: string;
  /** Whether an operator just saved it through the admin API, which has a line of its own. */
  readonly isSaving: () => boolean;
}

/** Notes what came into force because the configuration's file was changed, whoever did that. @returns to be called then */
export function fileChanges({ audit, path, isSaving }: FileChangesDeps): () => void {
  let inForce = hashOf(path);
  return () => {
    const before = { file: path, sha256: inForce };
    inForce = hashOf(path);
    if (isSaving()) return;
    const after = { file: path, sha256: inForce };
    void audit.deed({ actor: 'file', address: '', action: 'reload', subject: 'config', status: 200, before, after });
  };
}

function hashOf(path: string): string | null {
  try {
    return hash('sha256', readFileSync(path), 'hex');
  } catch {
    return null;
  }
}
