// A port for a server that cannot take any: one that has to come back at the same place, or does not say all of its ports.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const PORTS_TO_CHOOSE_FROM = 5_000;

/**
 * One from `from` on that was free a moment ago. Below 27,000 it is none of those that a system gives to who wants any:
 * another program would get it meanwhile.
 */
export async function freePort(from: number): Promise<number> {
  const port = from + randomInt(PORTS_TO_CHOOSE_FROM);
  const server = createServer().listen(port, '127.0.0.1');
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isFree) return freePort(from);
  server.close();
  await once(server, 'close');
  return port;
}
