// The profiles by name, as a user asks for them.
import type { Profile } from '../profile.ts';
import { generic } from './generic.ts';
import { livoltek } from './livoltek.ts';
import { schneiderEvlink } from './schneider-evlink.ts';

const known = [generic, livoltek, schneiderEvlink] as const;

/** All of them in turn. */
export const MIXED_PROFILES = 'mixed';

export const profileNames: readonly string[] = [...known.map(({ name }) => name), MIXED_PROFILES];

/** Of a name that is none, all. */
export function profilesNamed(name: string): readonly [Profile, ...Profile[]] {
  const named = known.find((profile) => profile.name === name);
  return named === undefined ? known : [named];
}
