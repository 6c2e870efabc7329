// The profiles by name, as a user asks for them.
import type { Profile } from '../profile.ts';
import { circontrol } from './circontrol.ts';
import { generic } from './generic.ts';
import { huawei } from './huawei.ts';
import { livoltek } from './livoltek.ts';
import { projectEv } from './project-ev.ts';
import { schneiderEvlink } from './schneider-evlink.ts';
import { stubborn } from './stubborn.ts';
import { vestel } from './vestel.ts';
import { wallbox } from './wallbox.ts';
import { zaptec } from './zaptec.ts';

/** Those that end when they are told to, in turn. */
const brands: readonly [Profile, ...Profile[]] = [
  generic,
  ...[livoltek, schneiderEvlink, wallbox, circontrol, vestel, zaptec, huawei, projectEv],
];

const known: readonly Profile[] = [...brands, stubborn];

/** All brands in turn. */
export const MIXED_PROFILES = 'mixed';

export const profileNames: readonly string[] = [...known.map(({ name }) => name), MIXED_PROFILES];

/** Of a name that is none, all brands. */
export function profilesNamed(name: string): readonly [Profile, ...Profile[]] {
  const named = known.find((profile) => profile.name === name);
  return named === undefined ? brands : [named];
}
