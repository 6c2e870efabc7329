// The process that a fleet runs in, so that its work does not count as the server's: told by messages what to do (load.ts).
import { Fleet, type FleetOptions } from './fleet.ts';

export type LoadOrder =
  | { readonly order: 'connect'; readonly options: FleetOptions }
  | { readonly order: 'slice'; readonly ms: number }
  | { readonly order: 'ledger' };

let fleet: Fleet | null = null;

async function obey(message: LoadOrder): Promise<unknown> {
  if (message.order === 'connect') {
    fleet = new Fleet(message.options);
    return fleet.connect();
  }
  if (fleet === null) throw new Error('not connected');
  return message.order === 'slice' ? fleet.slice(message.ms) : fleet.ledger();
}

process.on('message', (message) => {
  obey(message as LoadOrder).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ problem: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
