// Which build this is: constants of the bundle, or what package.json says when run from source.
import { readFileSync } from 'node:fs';

/** Set by the build (scripts/build.mjs); absent when run from source. */
declare const __KWOTA_BUILD__: Omit<BuildInfo, 'isSource'> | undefined;

export interface BuildInfo {
  /** Semantic version of package.json. */
  readonly version: string;
  /** First twelve digits of the commit, followed by `+` when the tree had changes; `unknown` from source and outside git. */
  readonly commit: string;
  /**
   * When it was built as far as anybody needs to know: SOURCE_DATE_EPOCH, else the commit's date, so that builds are
   * reproducible. ISO 8601 in UTC; `unknown` from source, and outside git without SOURCE_DATE_EPOCH.
   */
  readonly date: string;
  /** Whether it runs from its sources and was not built. */
  readonly isSource: boolean;
}

/** The build that is running. */
export function buildInfo(): BuildInfo {
  if (typeof __KWOTA_BUILD__ === 'object') return { ...__KWOTA_BUILD__, isSource: false };
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return { version: versionOf(manifest), commit: 'unknown', date: 'unknown', isSource: true };
}

function versionOf(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    if (typeof manifest.version === 'string') return manifest.version;
  }
  throw new TypeError('package.json has no version');
}
