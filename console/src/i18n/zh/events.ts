import type { events as english } from '../en/events.ts';

/** 事件类型的简称。 */
export const events: typeof english = {
  alert: '告警',
  budget_threshold: '预算达到阈值',
  suspicious_use: '可疑使用',
  objective_burn: '错误预算消耗过快',
  counters_degraded: '共享计数器无响应',
  prompt_cache_fell: '提示词缓存命中率下降',
  canary_rolled_back: '金丝雀发布已回滚',
  canary_promoted: '金丝雀发布已推进',
  canary_holding: '金丝雀发布等待处理',
  experiment_verdict: '实验已有结论',
  sample_ratio_mismatch: '分流比例异常',
  shadow_budget_spent: '影子流量预算用完',
  review_waiting: '等待审核',
  guard_failing: '安全防护故障',
  sign_in_failed: '登录失败',
  audit_failed: '审计日志写入失败',
};
