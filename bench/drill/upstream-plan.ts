import type { SimulatedModelSettings, SimulatorSettings } from '../../src/models/simulator/settings.ts';

/** A simulator on a socket of its own; times are milliseconds. */
export type SimulatorPlan = Partial<Omit<SimulatorSettings, 'models'>> & {
  readonly models?: Readonly<Record<string, SimulatedModelSettings>>;
};

/** What `upstreams.ts` starts, by name. The stand-ins of `stand-ins.ts` are there always. */
export type UpstreamPlan = Readonly<Record<string, SimulatorPlan>>;
