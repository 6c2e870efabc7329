// The folder of a test that runs a server in it.
import { rmSync } from 'node:fs';
import type { Test } from 'tap';

/** A server that was killed may have had a helper that still writes: it is removed again until it is gone. */
const REMOVAL = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 } as const;

/** t.testdir(), but removed after the teardowns of the test instead of before: a server that still runs writes to it. */
export function makeDataDir(t: Test, content: Parameters<Test['testdir']>[0]): string {
  t.saveFixture = true;
  const folder = t.testdir(content);
  t.teardown(() => rmSync(folder, REMOVAL));
  return folder;
}
