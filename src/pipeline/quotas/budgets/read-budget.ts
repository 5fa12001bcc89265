import { Default, Errors } from 'typebox/value';

import { GatewayError } from '../../../core/errors.ts';
import { isJsonObject } from '../../../core/json.ts';
import { BudgetSettings } from '../settings.ts';
import type { Budget } from './budget.ts';
import { SHOWN_BESIDE } from './budget-view.ts';
import { budgetOf } from './from-settings.ts';
import { budgetProblems } from './settings.ts';

/** Budgets of the file have a colon in theirs, so that the two cannot meet. */
const NAME = /^[A-Za-z0-9][\w.-]{0,99}$/;

/**
 * A budget as it was sent, by the rules of causeway.yaml.
 * @throws request_invalid that names the field at fault
 */
export function readBudget(name: string, body: unknown, models: readonly string[]): Budget {
  if (!NAME.test(name)) {
    const message = `A budget's name begins with a letter or digit and has up to 100 of those, of ".", "_" and "-".`;
    throw new GatewayError('request_invalid', { message, param: 'name' });
  }
  if (!isJsonObject(body)) throw refusal('', 'The body must be a JSON object.');
  if (body['name'] !== undefined && body['name'] !== name) {
    throw refusal('name', `the path names "${name}"; a budget cannot be renamed`);
  }
  const written = Object.fromEntries(Object.entries(body).filter(([field]) => !SHOWN_BESIDE.includes(field)));
  const error = Errors(BudgetSettings, written).find(({ keyword }) => keyword !== 'additionalProperties');
  if (error) throw shapeRefusal(error);
  if (written['usd'] === undefined && written['tokens'] === undefined) {
    throw refusal('usd', 'missing; write dollars, or tokens, or both');
  }
  const settings = Default(BudgetSettings, structuredClone(written)) as BudgetSettings;
  const [problem] = budgetProblems(settings, models);
  if (problem) throw refusal(problem.key, problem.message);
  return budgetOf(settings, { id: name, origin: 'admin' });
}

interface ShapeError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** `/degradeTo/at` → `degradeTo.at`; a key too many is a schema of `false`. */
function shapeRefusal({ keyword, instancePath, params, message }: ShapeError): GatewayError {
  const inside = instancePath.split('/').slice(1);
  const key = inside.reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : joined(path, part)), '');
  if (keyword === 'boolean') {
    return refusal(key, `unknown key; there are ${Object.keys(BudgetSettings.properties).join(', ')}`);
  }
  if (keyword === 'enum') {
    const { allowedValues = [] } = params as { readonly allowedValues?: readonly string[] };
    return refusal(key, `must be one of ${allowedValues.join(', ')}`);
  }
  if (keyword !== 'required') return refusal(key, message);
  const { requiredProperties: [missing = ''] = [] } = params as { readonly requiredProperties?: readonly string[] };
  return refusal(joined(key, missing), 'missing');
}

function joined(path: string, part: string): string {
  return path === '' ? part : `${path}.${part}`;
}

function refusal(param: string, fault: string): GatewayError {
  if (param === '') return new GatewayError('request_invalid', { message: fault });
  return new GatewayError('request_invalid', { message: `\`${param}\`: ${fault}.`, param });
}
