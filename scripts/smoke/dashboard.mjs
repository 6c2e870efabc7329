// The dashboard of the executable, in a real pseudo-terminal: a charge is seen, and the terminal is given back.
import { beginCharge, endCharge } from './charger.mjs';
import { SCRIPT, Terminal } from './terminal.mjs';

const CHARGING_WH = 3100;
const CHARGING_KWH = '3.1 kWh';

/** Why these steps are left out here; undefined: they are not. */
export const NO_TERMINAL =
  SCRIPT === undefined ? 'there is no script(1) of Linux to make a pseudo-terminal' : undefined;

/** On the server that runs: `kwota tui`, left with q. */
export async function checkDashboard({ place, socket }) {
  const transactionId = await beginCharge(socket, 'SMOKE', CHARGING_WH);
  const terminal = new Terminal(place, 'tui');
  await terminal.draws(new RegExp(`SMOKE_01 #1 +Ada Çelik .*${CHARGING_KWH}`));
  terminal.type('q');
  await terminal.demandRestored();
  await endCharge(socket, transactionId, CHARGING_WH);
}

/** `kwota demo` starts the executable once more, for its site. */
export async function checkDemo({ place }) {
  const terminal = new Terminal(place, 'demo');
  await terminal.draws(/Charging now .*[1-9]\d* session/);
  terminal.type('q');
  await terminal.demandRestored();
}

/** `kwota` alone starts a server that has no terminal, and ends it when told to. */
export async function checkAlone({ place }) {
  const terminal = new Terminal(place, '--data', 'alone', '--ocpp-port', '0', '--api-port', '0');
  await terminal.draws(/Overview/);
  terminal.type('q');
  await terminal.draws(/Leave the dashboard/);
  terminal.type('s');
  await terminal.demandRestored();
  await terminal.says(/stopping the server … stopped/);
}
