import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { type Encoder, cutText, unitLength } from './encoder.ts';

/** Not a dependency: who mounts a model installs it. A variable, so that nothing looks for it before. */
const PACKAGE: string = '@huggingface/transformers';

const INSTALL = 'ONNXRUNTIME_NODE_INSTALL=skip npm install @huggingface/transformers';

const MOST_CHARACTERS = 4000;
const BATCH = 16;

/** What is used of the package. */
interface Transformers {
  readonly env: { allowRemoteModels: boolean; allowLocalModels: boolean; localModelPath: string };
  pipeline(task: 'feature-extraction', model: string, options: { dtype: string }): Promise<Extractor>;
}

type Extractor = (
  texts: readonly string[],
  options: { pooling: 'mean'; normalize: true },
) => Promise<{ readonly data: Float32Array; readonly dims: readonly number[] }>;

/** Where such folders have the weights, and how the package calls each: the small ones first. */
const WEIGHTS = [
  ['model_quantized.onnx', 'q8'],
  ['model_fp16.onnx', 'fp16'],
  ['model.onnx', 'fp32'],
] as const;

/**
 * The model of a mounted folder (`config.json`, `tokenizer.json`, `onnx/model.onnx` or `onnx/model_quantized.onnx`):
 * the mean over its tokens. Nothing is fetched from anywhere.
 * @throws Error that says what is missing
 */
export async function openOnnxEncoder(folder: string): Promise<Encoder> {
  const path = resolve(folder);
  const dtype = weightsOf(path);
  const transformers = await loadPackage();
  transformers.env.allowRemoteModels = false;
  transformers.env.allowLocalModels = true;
  transformers.env.localModelPath = `${dirname(path)}/`;
  const extract = await transformers.pipeline('feature-extraction', basename(path), { dtype });
  const prefix = prefixOf(basename(path));

  async function encodeBatch(texts: readonly string[]): Promise<Float32Array[]> {
    const readable = texts.map((text) => prefix + cutText(text, MOST_CHARACTERS));
    const { data, dims } = await extract(readable, { pooling: 'mean', normalize: true });
    const size = dims.at(-1) ?? 0;
    return texts.map((_, at) => unitLength(Float32Array.from(data.subarray(at * size, (at + 1) * size))));
  }

  const [probe] = await encodeBatch(['?']);
  return {
    space: `onnx/${basename(path)}`,
    dimensions: probe?.length ?? 0,
    async encode(texts) {
      const vectors: Float32Array[] = [];
      for (let at = 0; at < texts.length; at += BATCH)
        vectors.push(...(await encodeBatch(texts.slice(at, at + BATCH))));
      return vectors;
    },
  };
}

function weightsOf(path: string): string {
  const found = WEIGHTS.find(([file]) => existsSync(join(path, 'onnx', file)));
  if (found && existsSync(join(path, 'config.json'))) return found[1];
  throw new Error(
    `${path} is no folder of an ONNX model: config.json, tokenizer.json and onnx/model_quantized.onnx or onnx/model.onnx have to be there`,
  );
}

/** Models of the E5 family are trained on texts that say what they are. */
function prefixOf(name: string): string {
  return /(^|[-_])e5([-_]|$)/i.test(name) ? 'query: ' : '';
}

async function loadPackage(): Promise<Transformers> {
  try {
    return (await import(PACKAGE)) as Transformers;
  } catch (thrown) {
    throw new Error(`cache.encoder needs ${PACKAGE}, which could not be loaded; beside the gateway: ${INSTALL}`, {
      cause: thrown,
    });
  }
}
