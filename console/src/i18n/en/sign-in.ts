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
};
