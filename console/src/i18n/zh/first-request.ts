import type { firstRequest as english } from '../en/first-request.ts';

export const firstRequest: typeof english = {
  title: '发送第一个请求',
  hint: '应用只需改一行：Base URL。之后这里会自动显示数据。',
  key: '1. API 密钥',
  keyHint: '用于项目“{{project}}”。其他项目和用户的密钥在“密钥与限额”中创建。',
  keyMake: '创建密钥',
  keyGo: '密钥与限额',
  shownOnce: '密钥只显示这一次。下面的示例中已经填好。',
  stillShown: '您的第一个密钥，之后不再显示：',
  keptIt: '我已保存',
  send: '2. 一个请求',
  models:
    '没有配置上游密钥时由模拟器回答（sim/echo）。使用真实模型请设置 OPENAI_API_KEY、ANTHROPIC_API_KEY 等环境变量后重新启动。',
  see: '3. 结果显示在这里',
  waiting: '正在等待第一个请求…',
};
