export const objectives = {
  title: 'Objectives',
  hint: 'What is left of the error budgets, and how fast they burn',
  none: 'No objectives are set. They say what a model should be like, and warn before it is too late:',
  budgetLeft: '{{share}} of the error budget left',
  budgetOver: 'error budget overspent: {{share}} used',
  nothingCounted: 'nothing counted yet',
  actual: '{{actual}} of {{target}}',
  actualCost: '{{actual}} of {{target}} per 1,000 tokens',
  burns: 'burns {{burns}}',
  burnHint: 'How fast the budget is used up, over several times; 1 is as fast as the objective allows.',
  burning: 'burns too fast',
};
