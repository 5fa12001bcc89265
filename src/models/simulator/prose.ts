import { type Random, hashText, pick, seededRandom } from './random.ts';
import { splitTokens } from './tokens.ts';

/** A language that prose is made in: a sentence is a frame whose gaps are filled from the word lists. */
interface Phrasebook {
  readonly opening: (topic: string) => string;
  readonly frames: readonly [string, ...string[]];
  readonly things: readonly [string, ...string[]];
  readonly qualities: readonly [string, ...string[]];
  readonly gap: string;
  readonly stop: string;
}

const ENGLISH: Phrasebook = {
  opening: (topic) => `This is a simulated answer about "${topic}".`,
  frames: [
    'The {thing} is {quality}, and the {thing} follows from it.',
    'A {quality} {thing} makes the {thing} easier to keep in mind.',
    'First look at the {thing}; then the {thing} becomes {quality}.',
    'Most people find the {thing} more {quality} than the {thing}.',
    'Where the {thing} is {quality}, a second {thing} costs little.',
    'It helps to write the {thing} down before the {thing} changes.',
    'In practice one {quality} {thing} is worth more than a {thing}.',
  ],
  things: [
    'plan',
    'question',
    'result',
    'river',
    'bridge',
    'signal',
    'measure',
    'garden',
    'machine',
    'record',
    'limit',
    'path',
    'message',
    'answer',
  ],
  qualities: ['clear', 'slow', 'careful', 'short', 'steady', 'useful', 'quiet', 'exact', 'simple', 'patient'],
  gap: ' ',
  stop: '.',
};

const CHINESE: Phrasebook = {
  opening: (topic) => `这是关于“${topic}”的模拟回答。`,
  frames: [
    '{thing}是{quality}的，{thing}也随之而来。',
    '一个{quality}的{thing}让{thing}更容易记住。',
    '先看{thing}，然后{thing}就变得{quality}了。',
    '多数人觉得{thing}比{thing}更{quality}。',
    '在实践中，一个{quality}的{thing}胜过许多{thing}。',
    '最好在{thing}改变之前把{thing}写下来。',
  ],
  things: ['计划', '问题', '结果', '河流', '桥梁', '信号', '花园', '机器', '记录', '道路', '消息', '答案'],
  qualities: ['清楚', '缓慢', '仔细', '简短', '稳定', '有用', '安静', '准确', '简单'],
  gap: '',
  stop: '。',
};

/** The beginning of the prompt on one line, never ending within a surrogate pair. */
function topicOf(prompt: string): string {
  const line = prompt.slice(0, 400).replaceAll(/\s+/g, ' ').trim().replaceAll('"', "'");
  const [beginning = ''] = /^.{0,48}/u.exec(line) ?? [];
  return beginning.length < line.length ? `${beginning}…` : line;
}

function sentence(random: Random, book: Phrasebook): string {
  return pick(random, book.frames).replaceAll(/\{(thing|quality)\}/g, (_, gap) =>
    pick(random, gap === 'thing' ? book.things : book.qualities),
  );
}

/** Exactly `tokens` tokens of made-up prose on the prompt, the same for the same prompt and seed. */
export function proseTokens(prompt: string, tokens: number, seed: number): string[] {
  if (tokens <= 0) return [];
  const book = /\p{Script=Han}/u.test(prompt.slice(0, 200)) ? CHINESE : ENGLISH;
  const random = seededRandom(hashText(prompt, seed));
  const pieces = splitTokens(book.opening(topicOf(prompt)));
  while (pieces.length < tokens) pieces.push(...splitTokens(book.gap + sentence(random, book)));
  if (pieces.length === tokens) return pieces;
  return [...pieces.slice(0, tokens - 1), book.stop];
}
