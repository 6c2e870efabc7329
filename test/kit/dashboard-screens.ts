// Every screen of the dashboard, by the keys that a person presses to get there. Not what is on them.
import type { TestDesk } from './dashboard-desk.tsx';

/** Of a made-up site with its past; on another one a key that finds nothing leaves him where he is. */
export const SCREENS: Readonly<Record<string, (desk: TestDesk) => TestDesk>> = {
  overview: (desk) => desk,
  chargers: (desk) => desk.press('2'),
  charger: (desk) => desk.press('2').type('/03').press('enter', 'end', 'enter'),
  trace: (desk) => desk.press('2').type('/03').press('enter', 'end', 'T'),
  sessions: (desk) => desk.press('3'),
  session: (desk) => desk.press('3', 'down', 'down', 'down', 'down', 'down', 'down', 'enter'),
  users: (desk) => desk.press('4', 'down'),
  user: (desk) => desk.press('4', 'down', 'enter'),
  log: (desk) => desk.press('5'),
  alarms: (desk) => desk.press('6'),
  performance: (desk) => desk.press('7'),
  help: (desk) => desk.press('?'),
};
