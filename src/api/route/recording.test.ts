// The recording as a download: lines of JSON under a name that no file system minds.
import t from 'tap';
import { authorized, charger, listening, madeUpChargers } from '../server.test-kit.ts';

void t.test(
  'a recording is a file of JSON lines, named for its charger as far as that is safe',
  async (t) => {
    const names: Readonly<Record<string, string>> = {
      CP1: 'CP1',
      'site/CP 1': 'site_CP_1',
      '../../etc/passwd': '_etc_passwd',
      '"; filename="x.exe': '_filename_x_exe',
      充電: '_',
      ['x'.repeat(128)]: 'x'.repeat(64),
    };
    const chargePoints = Object.keys(names).map((id) => charger(id));
    const url = await listening(t, { chargers: madeUpChargers({ chargePoints }) });
    for (const [id, name] of Object.entries(names)) {
      const response = await authorized(`${url}/api/chargers/${encodeURIComponent(id)}/recording`);
      t.equal(response.status, 200, id);
      t.equal(response.headers.get('content-type'), 'application/x-ndjson; charset=utf-8');
      const disposition = `attachment; filename="recording-${name}.jsonl"`;
      t.equal(response.headers.get('content-disposition'), disposition);
      t.equal(await response.text(), `{"chargePointId":${JSON.stringify(id)}}\n`);
    }
  },
);
