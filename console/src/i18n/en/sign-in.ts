export const signIn = {
  title: 'Sign in to Causeway',
  lead: 'For those who run the gateway.',
  key: 'Admin key or operator key',
  keyHint: 'The admin key was printed at the first start, or is the value of CAUSEWAY_ADMIN_KEY.',
  show: 'Show the key',
  hide: 'Hide the key',
  submit: 'Sign in',
  or: 'or',
  sso: 'Sign in with {{name}}',
  ended: 'Your session has ended. Sign in again to go on where you were.',
  wrongKey: 'This key is not right, or it is revoked or expired.',
  tooMany: 'Too many wrong keys were tried from here. Wait a moment.',
  clientKey:
    'This is a key of a client (cw-…), for requests to models. The console opens with the admin key or an operator key (cwo-…).',
  noAnswer: 'The gateway does not answer. ({{message}})',
};
