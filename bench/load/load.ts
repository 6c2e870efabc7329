// A fleet in a process of its own, as the benchmarks use it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ConnectReport, FleetOptions, Ledger, SliceReport } from './fleet.ts';
import type { LoadOrder } from './load-process.ts';

export interface Load {
  readonly connected: ConnectReport;
  slice(ms: number): Promise<SliceReport>;
  ledger(): Promise<Ledger>;
  /** Drops all connections. */
  close(): Promise<void>;
}

const ENTRY = fileURLToPath(new URL('load-process.ts', import.meta.url));

/** Resolves when all charge points have booted; rejects when one has not. */
export async function startLoad(options: FleetOptions): Promise<Load> {
  const child = fork(ENTRY, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const ask = async (order: LoadOrder): Promise<unknown> => {
    child.send(order);
    const answered = once(child, 'message') as Promise<[{ answer?: unknown; problem?: string }]>;
    const [message] = await Promise.race([answered, exited.then(endedByItself)]);
    if (message.problem !== undefined) throw new Error(message.problem);
    return message.answer;
  };
  const close = async () => {
    child.disconnect();
    await exited;
  };
  const connected = (await ask({ order: 'connect', options })) as ConnectReport;
  if (connected.ready < options.chargers) {
    await close();
    throw new Error(
      `only ${connected.ready} of ${options.chargers} connected: ${connected.problems.join('; ')}`,
    );
  }
  return {
    connected,
    slice: async (ms) => (await ask({ order: 'slice', ms })) as SliceReport,
    ledger: async () => (await ask({ order: 'ledger' })) as Ledger,
    close,
  };
}

function endedByItself(): never {
  throw new Error('the load ended by itself');
}
