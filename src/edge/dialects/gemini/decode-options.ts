import type { Feature } from '../../../core/inference/features.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { LOSSES } from './losses.ts';

type Options = Pick<
  InferenceRequest,
  | 'maxOutputTokens'
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'stop'
  | 'seed'
  | 'frequencyPenalty'
  | 'presencePenalty'
  | 'logprobs'
  | 'choices'
>;

const LEFT_OUT = {
  mediaResolution: LOSSES.mediaResolution,
  speechConfig: LOSSES.speech,
  audioTimestamp: LOSSES.speech,
  audioTranscriptionConfig: LOSSES.speech,
  enableAffectiveDialog: LOSSES.speech,
  translationConfig: LOSSES.speech,
  imageConfig: LOSSES.images,
  routingConfig: LOSSES.routing,
  modelConfig: LOSSES.routing,
  modelSelectionConfig: LOSSES.routing,
} as const;

/** Sampling and limits: what of `generationConfig` is not the form of the answer. */
export function decodeOptions(config: Fields): Options {
  for (const [name, says] of Object.entries(LEFT_OUT)) config.leaveOut(name, says);
  if (config.flag('enableEnhancedCivicAnswers')) {
    throw config.refused('enableEnhancedCivicAnswers', LOSSES.civic);
  }
  return given({
    maxOutputTokens: used(config, 'maxOutputTokens', 'max-output-tokens', config.count('maxOutputTokens')),
    temperature: used(config, 'temperature', 'temperature', config.number('temperature')),
    topP: used(config, 'topP', 'top-p', config.number('topP')),
    topK: used(config, 'topK', 'top-k', config.count('topK')),
    stop: readStop(config),
    seed: used(config, 'seed', 'seed', config.number('seed')),
    frequencyPenalty: used(config, 'frequencyPenalty', 'frequency-penalty', config.number('frequencyPenalty')),
    presencePenalty: used(config, 'presencePenalty', 'presence-penalty', config.number('presencePenalty')),
    logprobs: readLogprobs(config),
    choices: used(config, 'candidateCount', 'choices', config.count('candidateCount')),
  });
}

function used<T>(config: Fields, name: string, feature: Feature, value: T | undefined): T | undefined {
  if (value !== undefined) config.uses(feature, name);
  return value;
}

function readStop(config: Fields): readonly string[] | undefined {
  const list = config.list('stopSequences') ?? [];
  if (list.length === 0) return undefined;
  config.uses('stop', 'stopSequences');
  return list.map((stop, at) => {
    if (typeof stop === 'string') return stop;
    throw config.invalid(`stopSequences[${at}]`, 'must be a string');
  });
}

function readLogprobs(config: Fields): InferenceRequest['logprobs'] {
  const asked = config.flag('responseLogprobs') ?? false;
  const top = config.count('logprobs');
  if (!asked) {
    if (top !== undefined) config.note('logprobs', LOSSES.logprobs);
    return undefined;
  }
  config.uses('logprobs', 'responseLogprobs');
  return given({ top });
}
