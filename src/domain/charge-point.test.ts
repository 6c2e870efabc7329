// Which connector says most about what a charger is doing, over the whole order of busyness.
import t from 'tap';
import { busiestConnector, newChargePoint } from './charge-point.ts';

/** Idle first. What no list knows stands below all of them. */
const ORDER = [
  'VendorSpecial',
  'Available',
  'Unavailable',
  'Reserved',
  'Faulted',
  'Finishing',
  'Preparing',
  'SuspendedEV',
  'SuspendedEVSE',
  'Charging',
];

function busiestOf(...statuses: readonly (readonly [number, string])[]) {
  const connectors = Object.fromEntries(
    statuses.map(([id, status]) => [id, { status, errorCode: 'NoError', sinceMs: 0 }]),
  );
  return busiestConnector({ ...newChargePoint('CP1', 0), connectors });
}

void t.test('a charger that was only just met has no connector and has delivered nothing', (t) => {
  const met = newChargePoint('CP1', 7);
  t.match(met, { chargePointId: 'CP1', firstSeenMs: 7, lastBootMs: null, lastHeardMs: null, importedWh: 0 });
  t.equal(busiestConnector(met), null);
  t.end();
});

void t.test('of any two connectors the busier one is found, whichever has the lower number', (t) => {
  for (const [index, idle] of ORDER.entries()) {
    for (const busy of ORDER.slice(index + 1)) {
      t.strictSame(busiestOf([1, idle], [2, busy]), { connectorId: 2, status: busy }, `${idle}, ${busy}`);
      t.strictSame(busiestOf([1, busy], [2, idle]), { connectorId: 1, status: busy }, `${busy}, ${idle}`);
    }
  }
  t.end();
});

void t.test('of equally busy ones the first speaks, and numbers are not compared as text', (t) => {
  t.strictSame(busiestOf([1, 'Charging'], [2, 'Charging']), { connectorId: 1, status: 'Charging' });
  t.strictSame(busiestOf([10, 'Available'], [9, 'Available']), { connectorId: 9, status: 'Available' });
  t.end();
});

void t.test('connector 0 never outranks another, whatever both say', (t) => {
  for (const status of ORDER)
    t.strictSame(busiestOf([0, 'Charging'], [1, status]), { connectorId: 1, status }, status);
  t.strictSame(busiestOf([0, 'Faulted']), { connectorId: 0, status: 'Faulted' }, 'alone it speaks');
  t.end();
});
