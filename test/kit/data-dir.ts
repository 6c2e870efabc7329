// The folder of a test that runs a server in it.
import type { Test } from 'tap';

/** t.testdir(), but removed after the teardowns of the test instead of before: a server that still runs writes to it. */
export function makeDataDir(t: Test, content: Parameters<Test['testdir']>[0]): string {
  // tap wraps what ends a test in the order of these two calls.
  t.teardown(() => undefined);
  return t.testdir(content);
}
