// The answers of the routes that need no service are legal by the letter of the schema.
import t from 'tap';
import { silentLog } from '../../runtime/log.ts';
import { fixedCoreRoutes, noTransfers } from '../server.test-kit.ts';
import { createDataTransfer } from './action/data-transfer.ts';
import { formatDateTime } from './date-time.ts';
import { chargePointActions } from './messages.ts';
import { createRoutes } from './routes.ts';
import { strictErrors } from './strict.ts';

const times = { currentTime: () => formatDateTime(Date.UTC(2026, 10, 30, 23, 59, 59, 999)) };
const routes = createRoutes({ times, log: silentLog, core: fixedCoreRoutes(), transfers: noTransfers });

for (const action of chargePointActions) {
  t.test(`${action} with an empty request gets a legal answer`, (t) => {
    const route = routes[action] as { action: string; handle(inbound: object): unknown };
    const response = route.handle({ chargePointId: 'CP1', receivedAt: 0, request: {} });
    t.equal(route.action, action);
    t.strictSame(strictErrors(action, 'response', response), []);
    t.end();
  });
}

t.test('Heartbeat tells the time in whole seconds with a Z', (t) => {
  const response = routes.Heartbeat.handle({ chargePointId: 'CP1', receivedAt: 0, request: {} });
  t.strictSame(response, { currentTime: '2026-11-30T23:59:59Z' });
  t.end();
});

t.test('a time is cut to its second, not rounded, whatever second was asked before', (t) => {
  t.equal(formatDateTime(Date.UTC(2028, 1, 29, 12, 0, 0, 1)), '2028-02-29T12:00:00Z');
  t.equal(formatDateTime(Date.UTC(2028, 1, 29, 12, 0, 0, 999)), '2028-02-29T12:00:00Z');
  t.equal(formatDateTime(0), '1970-01-01T00:00:00Z');
  t.end();
});

t.test('a time with a fraction has three digits of it', (t) => {
  t.equal(formatDateTime(Date.UTC(2028, 1, 29, 12, 0, 0, 7), 'ms'), '2028-02-29T12:00:00.007Z');
  t.equal(formatDateTime(Date.UTC(2028, 1, 29, 12, 0, 0, 0), 'ms'), '2028-02-29T12:00:00.000Z');
  t.end();
});

t.test('DataTransfer of a known vendor is accepted, of another it is not', (t) => {
  const route = createDataTransfer(silentLog, new Set(['EV-BOX']));
  const of = (vendorId: string) =>
    route.handle({ chargePointId: 'CP1', receivedAt: 0, request: { vendorId } }).status;
  t.equal(of('EV-BOX'), 'Accepted');
  t.equal(of('other'), 'UnknownVendorId');
  t.end();
});
