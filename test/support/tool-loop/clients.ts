import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { ChatAnthropic } from '@langchain/anthropic';
import type { BaseMessage } from '@langchain/core/messages';
import { HumanMessage } from '@langchain/core/messages';
import { tool as langchainTool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { Agent, OpenAIProvider, Runner, tool as agentTool } from '@openai/agents';
import { type LanguageModel, generateText, isStepCount, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { z } from 'zod';

import { LOOP, weatherIn } from './script.ts';

/** Where a client goes. */
export interface Place {
  readonly url: string;
  readonly apiKey: string;
  readonly model: string;
}

/** A tool loop to its end, in a client's own way. @returns what the model says last */
export type Loop = (place: Place) => Promise<string>;

const QUESTION = 'What is the weather like in Paris and in Berlin?';
const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const DESCRIPTION = 'The weather in a city';
const City = z.object({ city: z.string() });
const OUTPUT_TOKENS = 4000;

const openAi = ({ url, apiKey }: Place): OpenAI => new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });

async function chatCompletions({ model, ...at }: Place, stream: boolean): Promise<string> {
  const { chat } = openAi({ model, ...at });
  const tools = [
    {
      type: 'function' as const,
      function: {
        name: LOOP.tool,
        description: DESCRIPTION,
        parameters: PARAMETERS,
        parse: cityIn,
        function: weatherIn,
      },
    },
  ];
  const messages = [{ role: 'user' as const, content: QUESTION }];
  const runner = stream
    ? chat.completions.runTools({ model, stream: true, messages, tools })
    : chat.completions.runTools({ model, messages, tools });
  return (await runner.finalContent()) ?? '';
}

function cityIn(text: string): string {
  return City.parse(JSON.parse(text)).city;
}

async function responses({ model, ...at }: Place, stream: boolean, keeps: boolean): Promise<string> {
  const client = openAi({ model, ...at });
  const tools = [
    { type: 'function' as const, name: LOOP.tool, description: DESCRIPTION, parameters: PARAMETERS, strict: false },
  ];
  const shared = { model, tools, store: keeps, include: ['reasoning.encrypted_content' as const] };
  const ask = (body: OpenAI.Responses.ResponseCreateParamsNonStreaming): Promise<OpenAI.Responses.Response> =>
    stream ? client.responses.stream({ ...body, stream: true }).finalResponse() : client.responses.create(body);
  const question = { role: 'user' as const, content: QUESTION };
  const first = await ask({ ...shared, input: [question], reasoning: { effort: 'medium', summary: 'auto' } });
  const results = first.output.flatMap((item) => {
    if (item.type !== 'function_call') return [];
    return [
      { type: 'function_call_output' as const, call_id: item.call_id, output: weatherIn(cityIn(item.arguments)) },
    ];
  });
  const history = first.output as OpenAI.Responses.ResponseInputItem[];
  const second = keeps
    ? await ask({ ...shared, input: results, previous_response_id: first.id })
    : await ask({ ...shared, input: [question, ...history, ...results] });
  return second.output_text;
}

async function anthropicMessages({ url, apiKey, model }: Place, stream: boolean): Promise<string> {
  const client = new Anthropic({ apiKey, baseURL: url, maxRetries: 0 });
  const shared = {
    model,
    max_tokens: OUTPUT_TOKENS,
    thinking: { type: 'enabled' as const, budget_tokens: 1024 },
    tools: [{ name: LOOP.tool, description: DESCRIPTION, input_schema: { ...PARAMETERS, type: 'object' as const } }],
  };
  const history: Anthropic.MessageParam[] = [{ role: 'user', content: QUESTION }];
  const ask = (): Promise<Anthropic.Message> =>
    stream
      ? client.messages.stream({ ...shared, messages: history }).finalMessage()
      : client.messages.create({ ...shared, messages: history });
  const first = await ask();
  const results = first.content.flatMap((block) => {
    if (block.type !== 'tool_use') return [];
    const content = weatherIn(City.parse(block.input).city);
    return [{ type: 'tool_result' as const, tool_use_id: block.id, content }];
  });
  history.push({ role: 'assistant', content: first.content }, { role: 'user', content: results });
  const second = await ask();
  return second.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

async function generateContent({ url, apiKey, model }: Place, stream: boolean): Promise<string> {
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });
  const declaration = { name: LOOP.tool, description: DESCRIPTION, parametersJsonSchema: PARAMETERS };
  const chat = client.chats.create({ model, config: { tools: [{ functionDeclarations: [declaration] }] } });
  const calls: { id?: string | undefined; name?: string | undefined; args?: Record<string, unknown> | undefined }[] =
    [];
  if (stream) {
    for await (const chunk of await chat.sendMessageStream({ message: QUESTION }))
      calls.push(...(chunk.functionCalls ?? []));
  } else {
    calls.push(...((await chat.sendMessage({ message: QUESTION })).functionCalls ?? []));
  }
  const message = calls.map(({ id, name = '', args }) => {
    const response = { result: weatherIn(City.parse(args).city) };
    return { functionResponse: { ...(id === undefined ? {} : { id }), name, response } };
  });
  if (!stream) return (await chat.sendMessage({ message })).text ?? '';
  let text = '';
  for await (const chunk of await chat.sendMessageStream({ message })) text += chunk.text ?? '';
  return text;
}

const weather = langchainTool(({ city }) => weatherIn(city), {
  name: LOOP.tool,
  description: DESCRIPTION,
  schema: City,
});

async function langchain(model: ChatOpenAI | ChatAnthropic): Promise<string> {
  const bound = model.bindTools([weather]);
  const history: BaseMessage[] = [new HumanMessage(QUESTION)];
  const first = await bound.invoke(history);
  history.push(first);
  for (const call of first.tool_calls ?? []) history.push(await weather.invoke({ ...call, type: 'tool_call' }));
  return (await bound.invoke(history)).text;
}

async function aiSdk(model: LanguageModel, stream: boolean): Promise<string> {
  const tools = {
    [LOOP.tool]: tool({ description: DESCRIPTION, inputSchema: City, execute: ({ city }) => weatherIn(city) }),
  };
  const asked = { model, prompt: QUESTION, tools, stopWhen: isStepCount(3), maxRetries: 0 };
  return stream ? await streamText(asked).text : (await generateText(asked)).text;
}

async function agents(place: Place, useResponses: boolean): Promise<string> {
  const client = openAi(place) as never;
  const modelProvider = new OpenAIProvider({ openAIClient: client, useResponses });
  const parameters = City;
  const lookUp = agentTool({
    name: LOOP.tool,
    description: DESCRIPTION,
    parameters,
    execute: ({ city }) => Promise.resolve(weatherIn(city)),
  });
  const agent = new Agent({ name: 'Weather', instructions: 'Look it up.', model: place.model, tools: [lookUp] });
  const runner = new Runner({ modelProvider, tracingDisabled: true });
  const { finalOutput } = await runner.run(agent, QUESTION);
  return finalOutput ?? '';
}

/** Every client, by name. */
export const CLIENTS: Readonly<Record<string, Loop>> = {
  'openai, chat completions': (place) => chatCompletions(place, false),
  'openai, chat completions streamed': (place) => chatCompletions(place, true),
  'openai, responses': (place) => responses(place, false, false),
  'openai, responses streamed': (place) => responses(place, true, false),
  'openai, stored responses': (place) => responses(place, false, true),
  'openai, stored responses streamed': (place) => responses(place, true, true),
  '@anthropic-ai/sdk': (place) => anthropicMessages(place, false),
  '@anthropic-ai/sdk streamed': (place) => anthropicMessages(place, true),
  '@google/genai': (place) => generateContent(place, false),
  '@google/genai streamed': (place) => generateContent(place, true),
  '@langchain/openai': ({ url, apiKey, model }) =>
    langchain(new ChatOpenAI({ model, apiKey, configuration: { baseURL: `${url}/v1` }, maxRetries: 0 })),
  '@langchain/openai, responses': ({ url, apiKey, model }) =>
    langchain(
      new ChatOpenAI({ model, apiKey, configuration: { baseURL: `${url}/v1` }, maxRetries: 0, useResponsesApi: true }),
    ),
  '@langchain/anthropic': ({ url, apiKey, model }) =>
    langchain(new ChatAnthropic({ model, apiKey, anthropicApiUrl: url, maxRetries: 0 })),
  'ai with OpenAI (responses)': ({ url, apiKey, model }) =>
    aiSdk(createOpenAI({ apiKey, baseURL: `${url}/v1` })(model), false),
  'ai with OpenAI (chat), streamed': ({ url, apiKey, model }) =>
    aiSdk(createOpenAI({ apiKey, baseURL: `${url}/v1` }).chat(model), true),
  'ai with Anthropic, streamed': ({ url, apiKey, model }) =>
    aiSdk(createAnthropic({ apiKey, baseURL: `${url}/v1` })(model), true),
  'ai with Google, streamed': ({ url, apiKey, model }) =>
    aiSdk(createGoogleGenerativeAI({ apiKey, baseURL: `${url}/v1beta` })(model), true),
  '@openai/agents, responses': (place) => agents(place, true),
  '@openai/agents, chat completions': (place) => agents(place, false),
};
