import { type CustomTypesConfig, types } from 'pg';

/**
 * A whole number of the database (`int8`, or a `numeric` sum of them, which the driver gives as text) as a number.
 * @throws RangeError beyond 2^53, where a number would be another one, and where it is not whole
 */
export function wholeNumber(value: string | number | bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError(`not a whole number below 2^53: ${value}`);
}

/** Gives `int8` columns as numbers. It holds functions, so each thread adds it to the plain connection data itself. */
export const columnTypes: CustomTypesConfig = {
  getTypeParser: (type, format) => (type === types.builtins.INT8 ? wholeNumber : types.getTypeParser(type, format)),
};
