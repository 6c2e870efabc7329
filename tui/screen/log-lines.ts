// Lines of the server's log as the dashboard writes them: when, how grave, about whom, and what.
import type { LogLine } from '../../src/api/contract/logs.ts';
import type { World } from '../desk/desk.ts';
import { msOf } from '../text/times.ts';
import type { Role } from '../theme/role.ts';
import { line, span, type Line } from '../widget/line.ts';

const LEVEL_ROLES: Readonly<Record<LogLine['level'], Role>> = {
  debug: 'secondary',
  info: 'plain',
  warn: 'warning',
  error: 'danger',
};

/** Graver ones are in capitals: not by colour alone. */
function levelText(level: LogLine['level']): string {
  return level === 'warn' || level === 'error' ? level.toUpperCase() : level;
}

export function levelRole(level: LogLine['level']): Role {
  return LEVEL_ROLES[level];
}

/** Whom it is about: `CP-1 #2`, a card, nobody. */
function logSubject({ charger, fields }: LogLine): string {
  const { connector, user = '' } = fields;
  if (charger === null) return user;
  return connector === undefined || connector === '0' ? charger : `${charger} #${connector}`;
}

/** Its fields but those that its subject says. */
function logDetails({ charger, fields }: LogLine): string {
  return Object.entries(fields)
    .filter(([name]) => charger === null || name !== 'connector')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

const SUBJECT_WIDTH = 18;

/** A line for each, for where there is no room for a list. */
export function logLines({ times }: World, lines: readonly LogLine[]): readonly Line[] {
  return lines.map((one) =>
    line(
      span(`${times.clock(msOf(one.at) ?? 0)} `, 'secondary'),
      span(levelText(one.level).padEnd(6), levelRole(one.level)),
      span(`${logSubject(one).padEnd(SUBJECT_WIDTH)} `),
      span(`[${one.tag}] `, 'secondary'),
      `${one.message} `,
      span(logDetails(one), 'secondary'),
    ),
  );
}
