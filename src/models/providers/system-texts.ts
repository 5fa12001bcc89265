import type { Translation } from '../../core/inference/translation.ts';

/** All instructions, for targets that have one place for them: moving one there is a loss where the conversation had begun. */
export function systemTexts(translation: Translation): string[] {
  const { messages } = translation.request;
  const firstSpoken = messages.findIndex(({ role }) => role !== 'system');
  const texts: string[] = [];
  for (const [at, message] of messages.entries()) {
    if (message.role !== 'system') continue;
    const said = message.content.map(({ text }) => text).filter((text) => text !== '');
    if (said.length > 0 && firstSpoken >= 0 && at > firstSpoken) translation.lose('system-mid-conversation');
    texts.push(...said);
  }
  return texts;
}
