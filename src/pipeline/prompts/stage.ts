import type { Call } from '../../core/call.ts';
import type { Stage } from '../../core/stage.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import { BodyChanges } from './body-changes.ts';
import { putPrompt } from './put-prompt.ts';
import { setParameters } from './set-parameters.ts';

export interface PromptDeps {
  /** The catalog in force; it changes with the configuration. */
  catalog(): ModelCatalog;
}

/**
 * The prompt and the parameters that a model has by its settings, as patches of what the client sent. Everything after
 * it sees them: what is counted, cached, sent and translated.
 */
export function promptStage(deps: PromptDeps): Stage {
  return {
    name: 'prompt',
    run(call, next) {
      applyPrompt(deps, call);
      return next(call);
    },
  };
}

/** What the stage does, for a call that nobody sends. @throws request_invalid */
export function applyPrompt(deps: PromptDeps, call: Call): void {
  const { prompt, parameters } = call.assignment ?? {};
  if (call.operation === 'chat' && (prompt || parameters)) change(deps, call);
}

function change(deps: PromptDeps, call: Call): void {
  const { prompt, parameters } = call.assignment ?? {};
  const changes = new BodyChanges(call.body.resolved);
  if (prompt) putPrompt(changes, call.dialect, prompt);
  if (parameters) setParameters(changes, call, deps.catalog(), parameters);
  for (const patch of changes.patches) call.body.amend(patch);
  call.warnings.push(...changes.warnings);
}
