/**
 * What decoding cannot keep, in the words of its warnings and refusals (each behind the field's name), which are
 * those of `docs/translation.md` too.
 */
export const LOSSES = {
  // left out or changed
  citations: 'is left out: what was cited is not part of the text',
  searchResult: 'becomes a text of title, source and content: other providers have no block for it',
  documentBlocks: 'becomes one text, with its images behind it: other providers take no document made of blocks',
  innerCache: 'is left out: a cache breakpoint inside a document or a search result has no equal',
  caller: 'is left out: the call reads as one that the model made itself',
  serverTool: "becomes a text: the model is told what Anthropic's own tools were asked and what they said",
  summary: 'becomes a text: what it summarizes is sent too where the request still has it',
  hop: 'is left out: it only says which of two Claude models spoke from there on',
  examples: "is left out: other providers take no examples of a tool's input; put them into its description",
  deferred: 'is left out: the tool is given to the model at once',
  callers: 'is left out: the model calls the tool itself, never from code that runs at Anthropic',
  eager: 'is left out: arguments stream as the provider of the model streams them',
  betweenTools: 'becomes thinking as the model decides: others cannot think between tool calls only',
  taskBudget: 'is left out: only Anthropic tells a model how many tokens a whole task may take',
  contextEdits: 'is left out: only Anthropic edits the context on its side, so the conversation is sent as it is',
  fast: 'is left out: the answer comes at the speed of the model that gives it',
  profile: 'is left out: it names a profile that only Anthropic knows',
  diagnostics: 'is left out: the answer has no diagnostics of the prompt cache',
  fallbacks: "is left out: Anthropic's own fallbacks are not there; those of this gateway apply",
  fallbackCredit: 'is left out: it is a credit that only Anthropic redeems',
  // refused
  residence: 'cannot be promised: the model is not served by Anthropic',
  container: "cannot be used: it is a sandbox at Anthropic, and the model's provider has none",
  upload: 'cannot be used: it puts a file into a sandbox at Anthropic',
  mcpServers: "cannot be used: only Anthropic connects to MCP servers on a client's behalf",
  thread: 'cannot be used: the conversation that it continues is held by Anthropic',
  compaction: "cannot be used: it asks for Anthropic's own kind of summary; ask for one in words",
  billing: 'cannot be promised: the request is not billed by Anthropic',
  builtInTool:
    "cannot be used: it is a tool of Anthropic's own, which this model does not have. " +
    'Define it as a custom tool with an `input_schema`, or ask a Claude model',
  unknownBlock: 'cannot be translated: the gateway does not know this kind of block',
} as const;
