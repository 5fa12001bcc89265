import { type CapabilityRow, SIMULATOR_DOCS } from '../row.ts';

/** Every name is answered; what the made-up answers can be is in docs/simulator.md. */
export const SIMULATOR: readonly CapabilityRow[] = [
  {
    models: ['*'],
    sources: [SIMULATOR_DOCS],
    streaming: true,
    tools: true,
    parallelTools: true,
    forcedTools: true,
    toolsWhileReasoning: true,
    vision: true,
    documents: true,
    jsonSchema: true,
    sampling: true,
    reasoning: true,
    reasoningControls: ['effort', 'budget', 'adaptive'],
    efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
    reasoningAlways: false,
  },
];
