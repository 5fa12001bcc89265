export const rollouts = {
  title: 'Rollouts',
};
