import type { objectives as english } from '../en/objectives.ts';

export const objectives: typeof english = {
  title: '服务目标',
  hint: '错误预算的余量，以及消耗速度',
  kind_availability: '可用性',
  kind_latency: '延迟',
  kind_ttft: '首 Token 延迟',
  kind_cost: '费用',
  none: '尚未设置服务目标。设置后可以说明模型应达到的水平，并在来不及之前发出预警：',
  budgetLeft: '错误预算剩余 {{share}}',
  budgetOver: '错误预算已超支，已用 {{share}}',
  nothingCounted: '暂无统计数据',
  actual: '实际 {{actual}}，目标 {{target}}',
  actualCost: '每 1,000 Token 实际 {{actual}}，目标 {{target}}',
  burns: '消耗速度 {{burns}}',
  burnHint: '在不同时段内消耗错误预算的速度；1 表示恰好等于目标允许的速度。',
  burning: '消耗过快',
};
