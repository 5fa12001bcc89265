/** The API shapes that the simulator speaks. */
export type SimulatedDialect = 'openai' | 'anthropic';
