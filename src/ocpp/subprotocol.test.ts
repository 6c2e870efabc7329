// Which offers of subprotocols are understood, and what is answered.
import t from 'tap';
import { chooseSubprotocol, offerQuirk, sanitiseOffer } from './subprotocol.ts';

const table: [offer: string, sanitised: string | undefined, chosen: string | false][] = [
  ['ocpp1.6', 'ocpp1.6', 'ocpp1.6'],
  ['OCPP1.6', 'OCPP1.6', 'OCPP1.6'],
  ['ocpp1.6J', 'ocpp1.6J', 'ocpp1.6J'],
  ['ocpp2.0.1, ocpp1.6', 'ocpp2.0.1, ocpp1.6', 'ocpp1.6'],
  ['ocpp1.6,', 'ocpp1.6', 'ocpp1.6'],
  ['ocpp1.6, ocpp1.6', 'ocpp1.6', 'ocpp1.6'],
  ['ocpp1.6 ocpp1.5', 'ocpp1.6, ocpp1.5', 'ocpp1.6'],
  ['"ocpp1.6"', 'ocpp1.6', 'ocpp1.6'],
  ['socpp1.6', 'socpp1.6', 'socpp1.6'],
  ['ocpp2.0.1', 'ocpp2.0.1', false],
  ['ocpp1.5', 'ocpp1.5', false],
  ['ocpp/1.6', undefined, false],
  ['', undefined, false],
];

for (const [offer, sanitised, chosen] of table) {
  t.test(`the offer '${offer}' is answered with '${String(chosen)}'`, (t) => {
    t.equal(sanitiseOffer(offer), sanitised);
    t.equal(chooseSubprotocol(new Set(sanitised?.split(', '))), chosen);
    t.end();
  });
}

const judged: [offer: string | undefined, quirk: ReturnType<typeof offerQuirk>][] = [
  ['ocpp1.6', null],
  ['ocpp2.0.1, ocpp1.6', null],
  ['ocpp2.0.1,ocpp1.6', null],
  [undefined, 'no-subprotocol'],
  [' ', 'no-subprotocol'],
  ['OCPP1.6', 'odd-subprotocol'],
  ['ocpp1.6,', 'odd-subprotocol'],
  ['ocpp1.6, ocpp1.6', 'odd-subprotocol'],
  ['ocpp1.6 ocpp1.5', 'odd-subprotocol'],
  ['ocpp2.0.1', 'odd-subprotocol'],
];

for (const [offer, quirk] of judged) {
  t.test(`the offer '${String(offer)}' is ${quirk ?? 'as it should be'}`, (t) => {
    t.equal(offerQuirk(offer), quirk);
    t.end();
  });
}
