/** For a gateway that nobody has asked yet. */
export const firstRequest = {
  title: 'Send the first request',
  hint: 'An app changes one line, the base URL. Everything here then fills by itself.',
  key: '1. An API key',
  keyHint: 'For the project “{{project}}”. Keys for other projects and users are made under Keys & limits.',
  keyMake: 'Make a key',
  keyGo: 'Keys & limits',
  shownOnce: 'It is shown this once. Below it stands in the example already.',
  stillShown: 'Your first key, which is not shown again:',
  keptIt: 'I have kept it',
  send: '2. A request',
  models:
    'Without a provider’s key the simulator answers (sim/echo). For real models set OPENAI_API_KEY, ANTHROPIC_API_KEY or another provider’s variable and start again.',
  see: '3. It appears here',
  waiting: 'Waiting for the first request…',
};
