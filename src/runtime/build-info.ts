// Which build this is: constants of the bundle, or what package.json says when run from source.
import { readFileSync } from 'node:fs';

/** Set by the build (scripts/build.mjs); absent when run from source. */
declare const __KWOTA_BUILD__: BuildInfo | undefined;

export interface BuildInfo {
  /** Semantic version of package.json. */
  readonly version: string;
  /** First twelve digits of the commit, followed by `+` when the tree had changes; `unknown` from source and outside git. */
  readonly commit: string;
  /** Date of that commit (not of the build, so that builds are reproducible), ISO 8601 in UTC; `unknown` like `commit`. */
  readonly date: string;
}

/** The build that is running. */
export function buildInfo(): BuildInfo {
  if (typeof __KWOTA_BUILD__ === 'object') return __KWOTA_BUILD__;
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return { version: versionOf(manifest), commit: 'unknown', date: 'unknown' };
}

function versionOf(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    if (typeof manifest.version === 'string') return manifest.version;
  }
  throw new TypeError('package.json has no version');
}
