import { configureGlobal } from 'fast-check';

/**
 * fast-check, with one seed for every run: a change is judged by the same examples before and after it.
 * `PROPERTY_SEED=random` looks at new examples, `PROPERTY_SEED=123` at those of a failure.
 */
const { PROPERTY_SEED = '1' } = process.env;
if (PROPERTY_SEED !== 'random') configureGlobal({ seed: Number(PROPERTY_SEED) });

export * from 'fast-check';
