// A store whose server may die at any moment: in memory, or as real SQLite files that are copied as the crash left them.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Committer } from '../../src/csms/journal.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Loaded } from '../../src/store/store.ts';

/** More than a run can have: a repetition is told from news by them. */
const READINGS_LOADED = 100_000;
const CLOSE_MS = 60_000;

export interface CrashStore {
  /** What the server that runs at present commits to; one that has died reaches the disk no more. */
  committer(): Committer;
  load(): Loaded;
  /** From here on nothing that the present server commits reaches the disk. */
  loseCommits(): void;
  /** The server dies: what was not on disk is gone. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

/** Lets commits through until it is shut; those that come later are neither stored nor answered. */
interface Gate {
  isOpen: boolean;
}

function gated(gate: Gate, store: Committer): Committer {
  return { commit: (change) => (gate.isOpen ? store.commit(change) : new Promise<void>(() => undefined)) };
}

export function createMemoryCrashStore(): CrashStore {
  const store = createMemoryStore();
  let gate: Gate = { isOpen: true };
  return {
    committer: () => gated(gate, store),
    load: () => store.load(READINGS_LOADED),
    loseCommits: () => void (gate.isOpen = false),
    crash() {
      gate.isOpen = false;
      gate = { isOpen: true };
      return Promise.resolve();
    },
    close: () => store.close(0),
  };
}

/** What is being written when it crashes is copied half done, as a power failure would leave it. */
export function createSqliteCrashStore(): CrashStore {
  const root = mkdtempSync(join(tmpdir(), 'kwota-properties-'));
  let generation = 0;
  const open = () =>
    openSqliteStore({ dataDir: join(root, String(generation)), clock: systemClock, log: silentLog });
  let store = open();
  let gate: Gate = { isOpen: true };
  return {
    committer: () => gated(gate, store),
    load: () => store.load(READINGS_LOADED),
    loseCommits: () => void (gate.isOpen = false),
    async crash() {
      gate.isOpen = false;
      const died = store;
      const from = join(root, String(generation));
      generation += 1;
      cpSync(from, join(root, String(generation)), { recursive: true });
      await died.close(CLOSE_MS);
      store = open();
      gate = { isOpen: true };
    },
    async close() {
      await store.close(CLOSE_MS);
      rmSync(root, { recursive: true });
    },
  };
}
