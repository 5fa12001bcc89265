export const cost = {
  title: 'Cost',
};
