// Sessions as a CSV file on the machine of who asks for it; the server writes the rows.
import { RUNNING_ONLY } from '../data/past-sessions.ts';
import type { Desk, World } from '../desk/desk.ts';
import { placeOf } from '../desk/ui-state.ts';
import { openForm, type Refusal } from '../dialog/form.ts';
import { plural } from '../text/figures.ts';

/** Of what the screen of sessions is about: a month, those that run, or all. */
export function askExport(desk: Desk): void {
  const { subject = '' } = placeOf(desk.world().ui);
  openForm(desk, {
    title: 'Export sessions as CSV',
    text: [
      `${whichText(desk.world(), subject)}, whatever the filter shows. Amounts are those of whole sessions, in Wh.`,
      'The file is written on this machine, readable by you alone.',
    ],
    fields: [
      {
        ...{ name: 'file', label: 'File', value: `kwota-sessions-${subject === '' ? 'all' : subject}.csv` },
        problem: (text) => (text === '' ? 'it needs a name' : null),
      },
    ],
    waiting: 'reading and writing',
    send: (_, { file = '' }) => exportTo(desk, subject, file),
  });
}

function whichText({ times }: World, subject: string): string {
  if (subject === '') return 'All sessions, of all months';
  return subject === RUNNING_ONLY ? 'All sessions that run now' : `All sessions of ${times.month(subject)}`;
}

async function exportTo(desk: Desk, subject: string, file: string): Promise<Refusal | null> {
  const filter =
    subject === RUNNING_ONLY ? ({ status: 'running' } as const) : { month: subject || undefined };
  const answer = await desk.ask(({ site }) => site.sessionsCsv(filter));
  if (!answer.isGood) return { problem: `${answer.error.message}; ${answer.error.hint}.` };
  const saved = await desk.save(file, answer.value);
  if (!saved.isSaved) return { problem: `${saved.problem}.` };
  const lines = answer.value.split('\r\n').length - 2;
  desk.say('done', `${plural(lines, 'session')} written to ${saved.path}`);
  return null;
}
