import { CHINA } from './presets/china.ts';
import type { Preset } from './presets/preset.ts';
import { SELF_HOSTED } from './presets/self-hosted.ts';
import { WORLDWIDE } from './presets/worldwide.ts';

/** Every server that is known by name. A new one is an entry in one of these files. */
export const PRESETS: Readonly<Record<string, Preset>> = { ...SELF_HOSTED, ...CHINA, ...WORLDWIDE };

/** As `preset:` says them. */
export const PRESET_NAMES: readonly string[] = Object.keys(PRESETS);
