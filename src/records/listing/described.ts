/** What the API's description says of a route. */
interface Description {
  readonly summary: string;
}

/** The schemas of such routes only describe. What comes is read by hand, so that a refusal can say what would be right. */
export const UNCHECKED = {
  validatorCompiler: () => () => true,
  serializerCompiler: () => (body: unknown) => JSON.stringify(body),
};

/** Routes of one chapter of the API's description, whose schemas only describe. */
export function describedAs(tag: string) {
  return <Schema extends Description>(schema: Schema, answer?: object) => ({
    schema: { tags: [tag], ...schema, ...(answer ? { response: { 200: answer } } : {}) },
    ...UNCHECKED,
  });
}
