import type { RouteConditions, RoutePlan, RouteRule } from '../../core/routing.ts';
import type { RouteConditionSettings, RouteRuleSettings, RouteSettings } from './settings.ts';

/** What the settings of a model say of its targets; undefined where it has one alone and no rules. */
export function routePlanOf(settings: RouteSettings | undefined): RoutePlan | undefined {
  if (!settings) return undefined;
  const { by, targets, rules, sticky, complexity, cascade, reference } = settings;
  return {
    by,
    candidates: targets.map(({ target, weight, quality, tiers }) => ({ target, weight, quality, tiers })),
    rules: rules.map(ruleOf),
    sticky,
    complexity: complexity && {
      kind: complexity.kind,
      model: complexity.model,
      timeoutMs: complexity.timeout,
      faq: complexity.faq,
      thresholds: complexity.thresholds,
    },
    cascade: cascade && {
      to: cascade.to,
      check: cascade.check,
      atLeast: cascade.atLeast,
      judge: cascade.judge,
      validator: {
        json: cascade.validator.json,
        matches: cascade.validator.matches,
        minChars: cascade.validator.minChars,
        without: cascade.validator.without,
      },
      streams: cascade.streams,
      timeoutMs: cascade.timeout,
    },
    reference,
  };
}

function ruleOf({ name, when, unless, targets, by }: RouteRuleSettings): RouteRule {
  return { name, when: conditionsOf(when), unless: unless && conditionsOf(unless), targets, by };
}

/** The two have the same names, and so the compiler holds them together. */
function conditionsOf(settings: RouteConditionSettings): RouteConditions {
  return settings;
}
