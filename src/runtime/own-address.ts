// How other machines of the same network reach this one.
import { networkInterfaces } from 'node:os';

/** The first IPv4 address that is not the machine's own loop; undefined without a network. */
export function ownAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}
