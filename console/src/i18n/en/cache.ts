export const cache = {
  title: 'Cache',
};
